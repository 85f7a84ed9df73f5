package worldmodels.env.control;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import worldmodels.env.Environment;
import worldmodels.env.Transition;
import worldmodels.env.mujoco.MuJoCo;
import worldmodels.random.Pcg64;
import worldmodels.run.KitException;

class ControlEnvironmentTest {

    @BeforeAll
    static void needsMuJoCo() {
        assumeTrue(MuJoCo.isAvailable(), "MuJoCo is not on this machine");
    }

    @ParameterizedTest
    @EnumSource
    void theSameSeedGivesTheSameEpisode(ControlTask task) {
        try (ControlEnvironment one = ControlEnvironment.ofState(task); ControlEnvironment two = ControlEnvironment.ofState(task)) {
            one.reset(5);
            one.step(new double[task.actions()]);
            one.reset(4);
            two.reset(4);
            assertArrayEquals(one.state(), two.state());
            assertEquals(played(one, 100), played(two, 100));
            two.reset(5);
            assertFalse(Arrays.equals(one.state(), two.state()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSnapshotContinuesBitForBit(ControlTask task) {
        try (ControlEnvironment one = ControlEnvironment.ofState(task); ControlEnvironment two = ControlEnvironment.ofState(task)) {
            one.reset(3);
            played(one, 70);
            ControlEnvironment.Snapshot snapshot = one.snapshot();
            double[] state = one.state();
            String course = played(one, 60);
            one.restore(snapshot);
            assertArrayEquals(state, one.state());
            assertEquals(70, one.steps());
            assertEquals(course, played(one, 60));
            two.restore(snapshot);
            assertEquals(course, played(two, 60), "in an environment that was never reset");
            one.reset(9);
            ControlEnvironment.Snapshot start = one.snapshot();
            String first = played(one, 20);
            one.restore(start);
            assertEquals(first, played(one, 20), "from the very beginning");
        }
    }

    @ParameterizedTest
    @EnumSource
    void refusesWhatIsNoAction(ControlTask task) {
        try (ControlEnvironment environment = ControlEnvironment.ofState(task)) {
            double[] action = new double[task.actions()];
            assertSays("reset(seed) before step", () -> environment.step(action));
            assertSays("reset(seed) before observe", () -> environment.observe(ByteBuffer.allocate(1000)));
            assertSays("reset(seed) before state", environment::state);
            environment.reset(0);
            assertSays("has " + task.actions() + " values, this one has 7", () -> environment.step(new double[7]));
            action[0] = Double.NaN;
            assertSays("must be finite", () -> environment.step(action));
            action[0] = 0.5;
            assertEquals(task.actions(), environment.actionSpace().size());
            environment.step(action);
            assertEquals(1, environment.steps(), "what was refused has changed nothing");
        }
    }

    @Test
    void actionsBeyondTheBoundsActLikeTheBounds() {
        try (ControlEnvironment one = ControlEnvironment.ofState(ControlTask.REACHER_EASY);
                ControlEnvironment two = ControlEnvironment.ofState(ControlTask.REACHER_EASY)) {
            one.reset(1);
            two.reset(1);
            one.step(new double[] {7, -1.5});
            two.step(new double[] {1, -1});
            assertArrayEquals(two.state(), one.state());
        }
    }

    @Test
    void aDivergingSimulationRaisesAndDoesNotGoOn() {
        try (ControlEnvironment environment = ControlEnvironment.ofState(ControlTask.WALKER_WALK)) {
            environment.reset(0);
            double[] action = new double[6];
            SuiteTask.put(environment.simulation().qvel(), 0, 1e12);
            assertSays("diverged", () -> environment.step(action));
            assertSays("call reset(seed)", () -> environment.step(action));
            environment.reset(0);
            environment.step(action);
            SuiteTask.put(environment.simulation().qpos(), 2, Double.NaN);
            assertSays("Nan, Inf or huge value in QPOS", () -> environment.step(action));
        }
    }

    @Test
    void closedEnvironmentsSayThatTheyAre() {
        ControlEnvironment environment = ControlEnvironment.ofState(ControlTask.CARTPOLE_SWINGUP);
        environment.reset(0);
        environment.close();
        environment.close();
        assertThrows(KitException.class, () -> environment.step(new double[1]));
        assertThrows(IllegalStateException.class, () -> environment.reset(0));
    }

    @Test
    void snapshotsOfAnotherTaskAreRefused() {
        try (ControlEnvironment cup = ControlEnvironment.ofState(ControlTask.BALL_IN_CUP_CATCH);
                ControlEnvironment finger = ControlEnvironment.ofState(ControlTask.FINGER_SPIN)) {
            cup.reset(0);
            assertSays("A snapshot of ball_in_cup_catch cannot be continued in finger_spin", () -> finger.restore(cup.snapshot()));
        }
    }

    @Test
    void planetsEpisodesHaveAsManyDecisionsAsPublished() {
        int[] decisions = {125, 250, 250, 500, 250, 500};
        for (ControlTask task : ControlTask.values()) {
            assertEquals(decisions[task.ordinal()], ControlEnvironment.CONTROL_STEPS / task.actionRepeat());
        }
        try (Environment repeated = ControlTask.CARTPOLE_SWINGUP.repeated();
                ControlEnvironment single = ControlEnvironment.ofState(ControlTask.CARTPOLE_SWINGUP)) {
            repeated.reset(2);
            single.reset(2);
            double[] action = {0.3};
            double sum = 0;
            for (int i = 0; i < 8; i++) {
                sum += single.step(action).reward();
            }
            assertEquals(new Transition(sum, false, false), repeated.step(action));
            for (int decision = 2; decision <= 125; decision++) {
                assertEquals(decision == 125, repeated.step(action).truncated());
            }
        }
    }

    @Test
    void stateObservationsAreFloatsOfTheState() {
        try (ControlEnvironment environment = ControlEnvironment.ofState(ControlTask.CHEETAH_RUN)) {
            environment.reset(0);
            ByteBuffer observed = ByteBuffer.allocate(environment.observationSpace().bytes());
            environment.observe(observed);
            assertEquals(0, observed.remaining());
            double[] state = environment.state();
            for (int i = 0; i < 17; i++) {
                assertEquals((float) state[i], observed.getFloat(4 * i));
            }
        }
    }

    /** Random actions, the same each time; rewards and states as text. */
    private static String played(ControlEnvironment environment, int steps) {
        Pcg64 random = Pcg64.seeded(17);
        double[] action = new double[environment.task().actions()];
        StringBuilder course = new StringBuilder();
        for (int i = 0; i < steps; i++) {
            for (int k = 0; k < action.length; k++) {
                action[k] = random.uniform(-1, 1);
            }
            course.append(environment.step(action)).append(Arrays.toString(environment.state())).append('\n');
        }
        return course.toString();
    }

    private static void assertSays(String part, Runnable call) {
        KitException e = assertThrows(KitException.class, call::run);
        assertTrue(e.getMessage().contains(part), e.getMessage());
    }
}
