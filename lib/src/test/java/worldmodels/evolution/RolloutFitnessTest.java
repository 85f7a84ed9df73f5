package worldmodels.evolution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import worldmodels.data.EpisodeJob;
import worldmodels.data.Policy;
import worldmodels.data.RolloutEngine;
import worldmodels.env.BatchedEnvironment;
import worldmodels.env.Environment;
import worldmodels.env.Space;
import worldmodels.env.ThreadedEnvironments;
import worldmodels.env.Transition;
import worldmodels.evaluation.TrackSeeds;
import worldmodels.run.Progress;

class RolloutFitnessTest {

    /** A point to be moved to seed % 10: the reward is minus the distance; an episode lasts 3 + seed % 2 steps. */
    private static final class Point implements Environment {

        private long seed;
        private int time;

        @Override
        public Space observationSpace() {
            return Space.vector(new double[] {0}, new double[] {10});
        }

        @Override
        public Space actionSpace() {
            return Space.vector(new double[] {-10}, new double[] {10});
        }

        @Override
        public void reset(long seed) {
            this.seed = seed;
            time = 0;
        }

        @Override
        public Transition step(double[] action) {
            time++;
            return new Transition(-Math.abs(action[0] - seed % 10), time == 3 + seed % 2, false);
        }

        @Override
        public void observe(ByteBuffer target) {
            target.putFloat(seed % 10);
        }
    }

    /** Acts p0 + p1 x with the parameters of the job's candidate. */
    private static final class Line implements Policy {

        private final int[] candidate;
        private double[][] population;

        Line(int lanes) {
            candidate = new int[lanes];
        }

        Line population(double[][] parameters) {
            population = parameters;
            return this;
        }

        @Override
        public void start(int lane, EpisodeJob job) {
            candidate[lane] = job.candidate();
        }

        @Override
        public void act(ByteBuffer observations, boolean[] active, double[] actions) {
            for (int lane = 0; lane < active.length; lane++) {
                double[] p = population[candidate[lane]];
                actions[lane] = p[0] + p[1] * observations.getFloat(lane * Float.BYTES);
            }
        }
    }

    private static Fitness fitness(BatchedEnvironment environments) {
        RolloutEngine engine = new RolloutEngine(environments);
        Line policy = new Line(environments.lanes());
        return new RolloutFitness((population, jobs, progress) -> engine.run(jobs, policy.population(population), progress));
    }

    @TempDir
    Path folder;

    @Test
    void eachCandidateDrivesEachTrackByItsOwnParameters() {
        try (BatchedEnvironment environments = new ThreadedEnvironments(4, 2, Point::new)) {
            Fitness fitness = fitness(environments);
            Fitness.Returns returns = fitness.evaluate(new double[][] {{0, 1}, {1, 1}, {0, 0}}, new long[] {14, 25}, Progress.NONE);
            assertArrayEquals(new double[][] {{0, 0}, {-3, -4}, {-12, -20}}, returns.scores());
            assertArrayEquals(new int[][] {{3, 4}, {3, 4}, {3, 4}}, returns.steps());
            assertArrayEquals(new double[] {0, -3.5, -16}, returns.means());
            assertEquals(21, returns.totalSteps());
        }
    }

    @Test
    void evolutionFindsTheControllerThroughRollouts() {
        try (BatchedEnvironment environments = new ThreadedEnvironments(6, 2, Point::new)) {
            Fitness fitness = fitness(environments);
            Evolution evolution = new Evolution(new Evolution.Settings(8, 0.5, 40, 4, 10, 10), new double[2], 1, fitness, fitness, TrackSeeds.forSearch(1),
                    folder.resolve("c"));
            double[] found = evolution.run(Progress.NONE).parameters();
            assertTrue(Math.abs(found[0]) < 0.1 && Math.abs(found[1] - 1) < 0.05, found[0] + ", " + found[1]);
        }
    }
}
