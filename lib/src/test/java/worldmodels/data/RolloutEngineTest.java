package worldmodels.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import worldmodels.env.BatchedEnvironment;
import worldmodels.env.Environment;
import worldmodels.env.Space;
import worldmodels.env.ThreadedEnvironments;
import worldmodels.env.TimeLimit;
import worldmodels.env.TinyWorld;
import worldmodels.env.Transition;
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
        try (BatchedEnvironment environments = new ThreadedEnvironments(lanes, threads, () -> new TimeLimit(new TinyWorld(4, 5, 40), 30))) {
            return new RolloutEngine(environments).run(JOBS, new Looking(environments), Progress.NONE);
        }
    }

    @Test
    void theListenerSeesEachStepWithWhatWasSeenBeforeIt() {
        try (BatchedEnvironment environments = new ThreadedEnvironments(4, 2, () -> new TinyWorld(4, 5, 40))) {
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

    /** An episode's last step too, although its lane begins another before the next round. */
    @Test
    void theListenerSeesWhatEachStepLedTo() {
        try (BatchedEnvironment environments = new ThreadedEnvironments(4, 2, NumberedWorld::new)) {
            List<EpisodeJob> jobs = IntStream.range(0, 23).mapToObj(i -> new EpisodeJob(0, i)).toList();
            AtomicInteger ends = new AtomicInteger();
            new RolloutEngine(environments).run(jobs, new WhiteNoise(environments.actionSpace(), 4), new StepListener() {
                @Override
                public void onStep(Step step) {
                    assertEquals(step.time(), step.observation().get(1));
                    assertEquals(step.job().seed(), step.nextObservation().get(0));
                    assertEquals(step.time() + 1, step.nextObservation().get(1));
                    ends.addAndGet(step.ended() ? 1 : 0);
                }

                @Override
                public boolean looks() {
                    return true;
                }
            }, Progress.NONE);
            assertEquals(23, ends.get());
        }
    }

    /** A number that actions move, observed as float32. */
    private static final class Drift implements Environment {
        private float x;

        @Override
        public Space observationSpace() {
            return Space.vector(new double[] {-100, -1}, new double[] {100, 1});
        }

        @Override
        public Space actionSpace() {
            return Space.vector(new double[] {-1}, new double[] {1});
        }

        @Override
        public void reset(long seed) {
            x = seed + 0.3f;
        }

        @Override
        public Transition step(double[] action) {
            x += (float) action[0];
            return new Transition(x, false, false);
        }

        @Override
        public void observe(ByteBuffer target) {
            target.putFloat(x).putFloat(0.7f);
        }
    }

    @Test
    void observationsMayBeFloats() {
        Policy back = new Policy() {
            @Override
            public void start(int lane, EpisodeJob job) {}

            @Override
            public void act(ByteBuffer observations, boolean[] active, double[] actions) {
                for (int lane = 0; lane < active.length; lane++) {
                    actions[lane] = -observations.getFloat(lane * 2 * Float.BYTES) / 2;
                }
            }
        };
        try (BatchedEnvironment environments = new ThreadedEnvironments(3, 2, () -> new TimeLimit(new Drift(), 4))) {
            AtomicInteger steps = new AtomicInteger();
            EpisodeResult[] results = new RolloutEngine(environments).run(List.of(new EpisodeJob(0, 3), new EpisodeJob(0, 8)), back, step -> {
                FloatBuffer before = step.observation().asFloatBuffer();
                FloatBuffer after = step.nextObservation().asFloatBuffer();
                assertEquals(2, after.remaining());
                assertEquals(step.reward(), after.get(0));
                assertEquals(before.get(0) / 2, after.get(0), 1e-6f);
                assertEquals(0.7f, after.get(1));
                steps.incrementAndGet();
            }, Progress.NONE);
            assertEquals(8, steps.get());
            assertEquals(8.3 * (1 / 2.0 + 1 / 4.0 + 1 / 8.0 + 1 / 16.0), results[1].episodeReturn(), 1e-5);
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
        try (BatchedEnvironment environments = new ThreadedEnvironments(4, 2, () -> new TinyWorld(4, 5, 40))) {
            new RolloutEngine(environments).run(JOBS, blind, step -> {
                assertNull(step.observation());
                assertNull(step.nextObservation());
            }, Progress.NONE);
        }
    }

    @Test
    void anInterruptStopsBetweenSteps() {
        try (BatchedEnvironment environments = new ThreadedEnvironments(4, 2, () -> new TinyWorld(4, 5, 40))) {
            Thread.currentThread().interrupt();
            assertThrows(StoppedException.class, () -> new RolloutEngine(environments).run(JOBS, new Looking(environments), Progress.NONE));
            assertFalse(Thread.interrupted());
        }
    }
}
