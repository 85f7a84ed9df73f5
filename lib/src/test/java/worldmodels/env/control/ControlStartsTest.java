package worldmodels.env.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.MemorySegment;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import worldmodels.env.mujoco.MuJoCo;

/** Starting states over many seeds against the distributions that the tasks describe; means and variances within five standard errors. */
class ControlStartsTest {

    private static final int SEEDS = 400;

    @BeforeAll
    static void needsMuJoCo() {
        assumeTrue(MuJoCo.isAvailable(), "MuJoCo is not on this machine");
    }

    @Test
    void cartpoleHangsAlmostStill() {
        assertNormal(ControlTask.CARTPOLE_SWINGUP, 0, 0.01, environment -> qpos(environment, 0));
        assertNormal(ControlTask.CARTPOLE_SWINGUP, Math.PI, 0.01, environment -> qpos(environment, 1));
        assertNormal(ControlTask.CARTPOLE_SWINGUP, 0, 0.01, environment -> SuiteTask.at(environment.simulation().qvel(), 1));
    }

    @Test
    void reacherAndItsTargetLieAnywhere() {
        assertUniform(ControlTask.REACHER_EASY, -Math.PI, Math.PI, environment -> qpos(environment, 0));
        assertUniform(ControlTask.REACHER_EASY, Math.toRadians(-160), Math.toRadians(160), environment -> qpos(environment, 1));
        assertUniform(ControlTask.REACHER_EASY, 0.05, 0.20, environment -> Math.hypot(target(environment)[0], target(environment)[1]));
        assertUniform(ControlTask.REACHER_EASY, -Math.PI, Math.PI, environment -> Math.atan2(target(environment)[0], target(environment)[1]));
    }

    @Test
    void cheetahStandsStillOnTheGround() {
        try (ControlEnvironment environment = ControlEnvironment.ofState(ControlTask.CHEETAH_RUN)) {
            for (int seed = 0; seed < 30; seed++) {
                environment.reset(seed);
                assertEquals(0, environment.simulation().time());
                MemorySegment qvel = environment.simulation().qvel();
                for (int i = 0; i < 9; i++) {
                    assertTrue(Math.abs(SuiteTask.at(qvel, i)) < 0.5, "seed " + seed + " velocity " + i + ": " + SuiteTask.at(qvel, i));
                }
                assertTrue(environment.simulation().contacts() > 0);
            }
        }
    }

    @Test
    void fingerTouchesNothing() {
        // The spinner's angle stays uniform enough under the draws that are refused; the finger avoids it.
        assertUniform(ControlTask.FINGER_SPIN, -Math.PI, Math.PI, environment -> {
            assertEquals(0, environment.simulation().contacts());
            return qpos(environment, 2);
        });
    }

    @Test
    void ballHangsInTheAirOutsideTheCup() {
        try (ControlEnvironment environment = ControlEnvironment.ofState(ControlTask.BALL_IN_CUP_CATCH)) {
            double lowest = 1;
            double highest = 0;
            for (int seed = 0; seed < SEEDS; seed++) {
                environment.reset(seed);
                assertEquals(0, environment.simulation().contacts());
                assertEquals(0, qpos(environment, 0));
                assertTrue(Math.abs(qpos(environment, 2)) <= 0.2);
                lowest = Math.min(lowest, qpos(environment, 3));
                highest = Math.max(highest, qpos(environment, 3));
            }
            assertTrue(lowest >= 0.2 && lowest < 0.21 && highest <= 0.5 && highest > 0.49, lowest + " to " + highest);
        }
    }

    @Test
    void walkerFallsAtAnyAngle() {
        assertUniform(ControlTask.WALKER_WALK, -Math.PI, Math.PI, environment -> qpos(environment, 2));
        assertUniform(ControlTask.WALKER_WALK, Math.toRadians(-20), Math.toRadians(100), environment -> qpos(environment, 3));
        assertUniform(ControlTask.WALKER_WALK, Math.toRadians(-150), 0, environment -> qpos(environment, 7));
    }

    private static void assertUniform(ControlTask task, double low, double high, ToDoubleFunction<ControlEnvironment> number) {
        double width = high - low;
        assertMoments(task, (low + high) / 2, width * width / 12, 1.8, number, low, high);
    }

    private static void assertNormal(ControlTask task, double mean, double sd, ToDoubleFunction<ControlEnvironment> number) {
        assertMoments(task, mean, sd * sd, 3, number, mean - 6 * sd, mean + 6 * sd);
    }

    private static void assertMoments(ControlTask task, double mean, double variance, double kurtosis, ToDoubleFunction<ControlEnvironment> number,
            double low, double high) {
        double sum = 0;
        double squares = 0;
        try (ControlEnvironment environment = ControlEnvironment.ofState(task)) {
            for (int seed = 0; seed < SEEDS; seed++) {
                environment.reset(seed);
                double x = number.applyAsDouble(environment);
                assertTrue(x >= low - 1e-12 && x <= high + 1e-12, x + " of seed " + seed + " lies outside [" + low + ", " + high + "]");
                sum += x - mean;
                squares += (x - mean) * (x - mean);
            }
        }
        assertEquals(0, sum / SEEDS, 5 * Math.sqrt(variance / SEEDS), "mean");
        assertEquals(variance, squares / SEEDS, 5 * variance * Math.sqrt((kurtosis - 1) / SEEDS), "variance");
    }

    private static double qpos(ControlEnvironment environment, int i) {
        return SuiteTask.at(environment.simulation().qpos(), i);
    }

    private static double[] target(ControlEnvironment environment) {
        return environment.logic().drawnModel();
    }
}
