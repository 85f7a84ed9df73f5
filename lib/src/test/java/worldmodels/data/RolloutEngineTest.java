package worldmodels.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import worldmodels.env.BatchedEnvironment;
import worldmodels.env.TimeLimit;
import worldmodels.env.TinyWorld;
import worldmodels.run.Progress;
import worldmodels.run.StoppedException;

class RolloutEngineTest {

    private static final List<EpisodeJob> JOBS = IntStream.range(0, 23).mapToObj(i -> new EpisodeJob(i % 5, 1000 + i)).toList();

    /** Acts on the first byte that it sees and on its candidate. */
    private static final class Looking implements Policy {
        private final int bytes;
        private final int[] candidate;

        Looking(BatchedEnvironment environments) {
            bytes = environments.observationSpace().bytes();
            candidate = new int[environments.lanes()];
        }

        @Override
        public void start(int lane, EpisodeJob job) {
            candidate[lane] = job.candidate();
        }

        @Override
        public void act(ByteBuffer observations, boolean[] active, double[] actions) {
            for (int lane = 0; lane < active.length; lane++) {
                actions[3 * lane] = (observations.get(lane * bytes) & 0xFF) / 255.0 + candidate[lane];
            }
        }
    }

    @Test
    void resultsDoNotDependOnLanesOrThreads() {
        EpisodeResult[] one = play(1, 1);
        assertArrayEquals(one, play(8, 2));
        assertArrayEquals(one, play(40, 3));
        assertNotEquals(one[0].episodeReturn(), one[1].episodeReturn());
        for (int i = 0; i < JOBS.size(); i++) {
            assertEquals(JOBS.get(i), one[i].job());
        }
    }

    private static EpisodeResult[] play(int lanes, int threads) {
        try (BatchedEnvironment environments = new BatchedEnvironment(lanes, threads, () -> new TimeLimit(new TinyWorld(4, 5, 40), 30))) {
            return new RolloutEngine(environments).run(JOBS, new Looking(environments), Progress.NONE);
        }
    }

    @Test
    void theListenerSeesEachStepWithWhatWasSeenBeforeIt() {
        try (BatchedEnvironment environments = new BatchedEnvironment(4, 2, () -> new TinyWorld(4, 5, 40))) {
            List<List<Double>> rewards = new ArrayList<>();
            JOBS.forEach(job -> rewards.add(new ArrayList<>()));
            EpisodeResult[] results = new RolloutEngine(environments).run(JOBS, new Looking(environments), step -> {
                List<Double> mine = rewards.get(step.jobNumber());
                assertEquals(mine.size(), step.time());
                assertEquals(48, step.observation().remaining());
                assertEquals((step.observation().get(0) & 0xFF) / 255.0 + step.job().candidate(), step.action()[0]);
                mine.add(step.reward());
            }, Progress.NONE);
            for (int i = 0; i < results.length; i++) {
                assertEquals(results[i].length(), rewards.get(i).size());
                assertEquals(results[i].episodeReturn(), rewards.get(i).stream().reduce(0.0, Double::sum));
            }
        }
    }

    @Test
    void nothingIsDrawnWhenNobodyLooks() {
        Policy blind = new Policy() {
            @Override
            public void start(int lane, EpisodeJob job) {}

            @Override
            public void act(ByteBuffer observations, boolean[] active, double[] actions) {
                assertNull(observations);
            }

            @Override
            public boolean looks() {
                return false;
            }
        };
        try (BatchedEnvironment environments = new BatchedEnvironment(4, 2, () -> new TinyWorld(4, 5, 40))) {
            new RolloutEngine(environments).run(JOBS, blind, step -> assertNull(step.observation()), Progress.NONE);
        }
    }

    @Test
    void anInterruptStopsBetweenSteps() {
        try (BatchedEnvironment environments = new BatchedEnvironment(4, 2, () -> new TinyWorld(4, 5, 40))) {
            Thread.currentThread().interrupt();
            assertThrows(StoppedException.class, () -> new RolloutEngine(environments).run(JOBS, new Looking(environments), Progress.NONE));
            assertFalse(Thread.interrupted());
        }
    }
}
