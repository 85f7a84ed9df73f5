package worldmodels.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import worldmodels.env.Space;
import worldmodels.env.ThreadedEnvironments;
import worldmodels.env.TimeLimit;
import worldmodels.env.TinyWorld;
import worldmodels.env.carracing.CarRacing;
import worldmodels.run.KitException;
import worldmodels.run.Progress;
import worldmodels.study.carracing.Coverage;

class ExplorationTest {

    private static final Space SPACE = new CarRacing().actionSpace();

    /** Actions of one lane among several (time, action size). */
    private static double[][] actions(Exploration exploration, int lane, int lanes, long seed, int steps) {
        Policy policy = exploration.policy(SPACE, lanes);
        boolean[] active = new boolean[lanes];
        Arrays.fill(active, true);
        for (int i = 0; i < lanes; i++) {
            policy.start(i, new EpisodeJob(0, i == lane ? seed : 7777 + i));
        }
        double[][] result = new double[steps][];
        double[] all = new double[lanes * 3];
        for (int t = 0; t < steps; t++) {
            policy.act(null, active, all);
            result[t] = Arrays.copyOfRange(all, 3 * lane, 3 * lane + 3);
        }
        return result;
    }

    @ParameterizedTest
    @EnumSource
    void anEpisodesActionsDependOnItsSeedOnly(Exploration exploration) {
        double[][] alone = actions(exploration, 0, 1, 5, 300);
        assertTrue(Arrays.deepEquals(alone, actions(exploration, 3, 6, 5, 300)));
        assertTrue(!Arrays.deepEquals(alone, actions(exploration, 0, 1, 6, 300)));
    }

    @ParameterizedTest
    @EnumSource
    void actionsStayInTheSpaceAndAreFloat32(Exploration exploration) {
        for (double[] action : actions(exploration, 0, 1, 8, 2000)) {
            for (int i = 0; i < 3; i++) {
                assertTrue(action[i] >= SPACE.low(i) && action[i] <= SPACE.high(i), Arrays.toString(action));
                assertEquals((float) action[i], action[i]);
            }
        }
    }

    @Test
    void brownianStepsHaveTheVarianceOfTheirTimeStep() {
        double sum = 0;
        int count = 0;
        double[][] actions = actions(Exploration.BROWNIAN, 0, 1, 9, 20000);
        for (int t = 1; t < actions.length; t++) {
            // Where clipping had no part.
            if (Math.abs(actions[t - 1][0]) < 0.4 && Math.abs(actions[t][0]) < 1) {
                sum += Math.pow(actions[t][0] - actions[t - 1][0], 2);
                count++;
            }
        }
        assertEquals(1.0 / 50, sum / count, 0.002);
    }

    @Test
    void heldActionsChangeEveryTwentySteps() {
        double[][] actions = actions(Exploration.HELD, 0, 1, 9, 60);
        for (int t = 1; t < 60; t++) {
            assertEquals(t % 20 != 0, Arrays.equals(actions[t], actions[t - 1]), "step " + t);
        }
        double[][] pushed = actions(Exploration.PUSH_THEN_HELD, 0, 1, 9, 60);
        assertArrayEquals(new double[] {-0.1f, 1, 0}, pushed[19]);
        assertNotEquals(-0.1f, pushed[20][0]);
    }

    @Test
    void aPushIsForCarsOnly() {
        Space arm = Space.vector(new double[] {-1}, new double[] {1});
        assertThrows(KitException.class, () -> Exploration.PUSH_THEN_HELD.policy(arm, 1));
    }

    @Test
    void coverageShowsThatWhiteNoiseHardlyMovesTheCar() {
        List<EpisodeJob> jobs = LongStream.range(0, 6).mapToObj(seed -> new EpisodeJob(0, seed)).toList();
        List<Coverage.Summary> summaries = new ArrayList<>();
        try (ThreadedEnvironments cars = new ThreadedEnvironments(4, 2, () -> new TimeLimit(new CarRacing(), 250))) {
            for (Exploration exploration : List.of(Exploration.WHITE_NOISE, Exploration.PUSH_THEN_HELD)) {
                Coverage coverage = new Coverage(cars);
                EpisodeResult[] results = new RolloutEngine(cars).run(jobs, exploration.policy(SPACE, 4), coverage, Progress.NONE);
                for (int i = 0; i < results.length; i++) {
                    Coverage.OfEpisode episode = coverage.episodes().get(i);
                    assertEquals(results[i].job(), episode.job());
                    assertEquals(results[i].episodeReturn(), episode.episodeReturn());
                    assertEquals(2 * results[i].length(), episode.path().length);
                    assertTrue(episode.tileShare() > 0 && episode.tileShare() < 1 && episode.offRoadShare() <= 1);
                }
                summaries.add(coverage.summary());
            }
        }
        assertEquals(6, summaries.getFirst().episodes());
        assertTrue(summaries.getLast().meanSpeed() > 3 * summaries.getFirst().meanSpeed(), summaries.toString());
        assertTrue(summaries.getLast().tileShare() > 1.5 * summaries.getFirst().tileShare(), summaries.toString());
    }

    @Test
    void coverageNeedsCarRacing() {
        try (ThreadedEnvironments tiny = new ThreadedEnvironments(1, 1, () -> new TinyWorld(4, 5, 5))) {
            assertThrows(KitException.class, () -> new Coverage(tiny));
        }
    }
}
