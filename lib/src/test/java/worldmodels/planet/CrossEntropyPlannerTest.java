package worldmodels.planet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import worldmodels.nn.Compute;
import worldmodels.run.KitException;
import worldmodels.run.Preset;
import worldmodels.run.Settings;

/** The planner without any learned model: what is wrong here is wrong with the planner. */
class CrossEntropyPlannerTest {

    private static final CrossEntropyPlanner PAPER = new CrossEntropyPlanner(Settings.of(Preset.named("paper"), CrossEntropyPlanner.Settings.class));

    /** A point with position and speed, cost x² + 0.1 v² + 0.5 a² per step: the optimum is a matrix equation away. */
    private record Point(double x, double v) {

        static final double STEP = 0.3;

        Point after(double a) {
            return new Point(x + STEP * v, v + STEP * a);
        }

        double reward(double a) {
            Point next = after(a);
            return -(next.x * next.x + 0.1 * next.v * next.v + 0.5 * a * a);
        }
    }

    @Test
    void findsTheOptimumOfALinearQuadraticProblem() {
        int horizon = 6;
        Point start = new Point(0.8, -0.2);
        CrossEntropyPlanner planner = new CrossEntropyPlanner(new CrossEntropyPlanner.Settings(horizon, 20, 1000, 50));
        try (NDManager manager = Compute.newManager()) {
            float[] plan = planner.plan(manager, simulated(start), 1, new long[] {1}).toFloatArray();
            double[] optimum = riccati(start, horizon);
            for (int t = 0; t < horizon; t++) {
                assertTrue(Math.abs(optimum[t]) < 0.99, "the optimum is within the actions' bounds");
                assertEquals(optimum[t], plan[t], 0.02, "action " + t);
            }
        }
    }

    @Test
    void staysWithinTheActionsBounds() {
        // The further the better, so without clipping the mean would run away.
        try (NDManager manager = Compute.newManager()) {
            NDArray plan = PAPER.plan(manager, (actions, seeds) -> actions.sum(new int[] {0, 3}), 2, new long[] {1});
            assertEquals(new Shape(12, 1, 2), plan.getShape());
            for (float action : plan.toFloatArray()) {
                assertTrue(action > 0.8 && action <= 1, "action " + action);
            }
        }
    }

    @Test
    void lanesAreIndependent() {
        try (NDManager manager = Compute.newManager()) {
            PlanningModel towards = (actions, seeds) -> actions.sub(0.3f).square().sum(new int[] {0, 3}).neg();
            NDArray both = PAPER.plan(manager, towards, 1, new long[] {4, 9});
            assertArrayEquals(PAPER.plan(manager, towards, 1, new long[] {4}).toFloatArray(), both.get(":, 0").toFloatArray(), 1e-5f);
            assertArrayEquals(PAPER.plan(manager, towards, 1, new long[] {9}).toFloatArray(), both.get(":, 1").toFloatArray(), 1e-5f);
        }
    }

    /** One iteration from where the optimum is comes closer to it than one from zeros. */
    @Test
    void aPlanBeginsWhereItIsTold() {
        CrossEntropyPlanner one = new CrossEntropyPlanner(new CrossEntropyPlanner.Settings(3, 1, 100, 10));
        PlanningModel towards = (actions, seeds) -> actions.sub(0.9f).square().sum(new int[] {0, 3}).neg();
        try (NDManager manager = Compute.newManager()) {
            NDArray begin = manager.full(new Shape(3, 2, 1), 0.9f);
            long[] seeds = {1, 2};
            double there = one.plan(manager, towards, begin, seeds).sub(0.9f).abs().mean().toFloatArray()[0];
            double fromZeros = one.plan(manager, towards, 1, seeds).sub(0.9f).abs().mean().toFloatArray()[0];
            assertTrue(there < 0.6 * fromZeros, there + " and " + fromZeros);
            assertArrayEquals(new float[] {0.9f, 0.9f, 0.9f, 0.9f, 0.9f, 0.9f}, begin.toFloatArray(), "the beginning is the caller's");
        }
    }

    @Test
    void deviationIsThatOfAllElites() {
        // One iteration, and all candidates elites: the mean of J draws clipped to [-1, 1].
        CrossEntropyPlanner all = new CrossEntropyPlanner(new CrossEntropyPlanner.Settings(2, 1, 50, 50));
        try (NDManager manager = Compute.newManager()) {
            List<float[]> seen = new ArrayList<>();
            float[] plan = all.plan(manager, (actions, seeds) -> {
                seen.add(actions.toFloatArray());
                return actions.sum(new int[] {0, 3});
            }, 1, new long[] {3}).toFloatArray();
            for (int t = 0; t < 2; t++) {
                double mean = 0;
                for (int j = 0; j < 50; j++) {
                    mean += seen.getFirst()[t * 50 + j] / 50;
                }
                assertEquals(mean, plan[t], 1e-5);
            }
        }
    }

    @Test
    void reachesTheGoalWithTrueDynamics() {
        CrossEntropyPlanner planner = new CrossEntropyPlanner(new CrossEntropyPlanner.Settings(4, 5, 100, 10));
        Simulator<Double> dot = (start, actions) -> {
            double x = start;
            double sum = 0;
            for (double action : actions) {
                x = MovingDot.next(x, action);
                sum += MovingDot.reward(x);
            }
            return sum;
        };
        try (NDManager manager = Compute.newManager()) {
            double x = -0.8;
            for (int t = 0; t < 8; t++) {
                TrueDynamics<Double> dynamics = new TrueDynamics<>(List.of(dot, dot), List.of(x));
                x = MovingDot.next(x, planner.plan(manager, dynamics, 1, new long[] {t}).get(0).toFloatArray()[0]);
            }
            assertEquals(1, MovingDot.reward(x), 0.05, "the dot is at the goal");
        }
    }

    @Test
    void refusesMoreElitesThanCandidates() {
        assertTrue(assertThrows(KitException.class, () -> new CrossEntropyPlanner.Settings(12, 10, 50, 100)).getMessage().contains("100 elites of 50"));
    }

    /** All candidates at once, on the device. */
    private static PlanningModel simulated(Point start) {
        return (actions, seeds) -> {
            NDArray first = actions.get("0, :, :, 0");
            NDArray x = first.zerosLike().add((float) start.x);
            NDArray v = first.zerosLike().add((float) start.v);
            NDList rewards = new NDList();
            for (int t = 0; t < actions.getShape().get(0); t++) {
                NDArray a = actions.get(t + ", :, :, 0");
                x = x.add(v.mul(Point.STEP));
                v = v.add(a.mul(Point.STEP));
                rewards.add(x.square().add(v.square().mul(0.1)).add(a.square().mul(0.5)).neg());
            }
            return NDArrays.stack(rewards).sum(new int[] {0});
        };
    }

    /** Backwards through V_t(s) = -sᵀ P s with s = (x, v): the gain of each step, then the actions forwards. */
    private static double[] riccati(Point start, int horizon) {
        double h = Point.STEP;
        double[][] gains = new double[horizon][];
        double p = 0;
        double q = 0;
        double r = 0;
        for (int t = horizon - 1; t >= 0; t--) {
            // Cost of the next state: its own and what follows.
            double cp = p + 1;
            double cq = q;
            double cr = r + 0.1;
            // s' = (x + h v, v + h a); minimise 0.5 a² + s'ᵀ C s' over a.
            double curvature = 0.5 + h * h * cr;
            double onX = h * cq / curvature;
            double onV = h * (h * cq + cr) / curvature;
            gains[t] = new double[] {-onX, -onV};
            double a1 = -onX;
            double a2 = -onV;
            // s' as a linear map of (x, v) with the optimal a.
            double m21 = h * a1;
            double m22 = 1 + h * a2;
            p = 0.5 * a1 * a1 + cp + 2 * cq * m21 + cr * m21 * m21;
            q = 0.5 * a1 * a2 + cp * h + cq * (m22 + h * m21) + cr * m21 * m22;
            r = 0.5 * a2 * a2 + cp * h * h + 2 * cq * h * m22 + cr * m22 * m22;
        }
        double[] actions = new double[horizon];
        Point at = start;
        for (int t = 0; t < horizon; t++) {
            actions[t] = gains[t][0] * at.x + gains[t][1] * at.v;
            at = at.after(actions[t]);
        }
        return actions;
    }
}
