package worldmodels.env.panda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import worldmodels.OtherJvm;
import worldmodels.env.GoalEnvironment;
import worldmodels.env.Transition;
import worldmodels.env.mujoco.MuJoCo;
import worldmodels.random.Pcg64;
import worldmodels.run.KitException;

class PandaReachTest {

    private static final double[] STILL = {0, 0, 0};

    @BeforeAll
    static void needsMuJoCo() {
        assumeTrue(MuJoCo.isAvailable(), "MuJoCo is not on this machine");
    }

    private static PandaReach reach(PandaVersion version) {
        return new PandaReach(PandaControl.END_EFFECTOR, PandaReward.SPARSE, version);
    }

    @Test
    void aSeedsGoalAndStartAreTheRecordedOnes() throws IOException {
        Recording recorded = Recording.read("goals");
        try (PandaReach reach = reach(PandaVersion.V3)) {
            for (int row = 0; row < recorded.rows(); row++) {
                long seed = (long) recorded.number(row, "seed");
                Pcg64 random = Pcg64.seeded(seed);
                for (int reset = 1; reset <= 3; reset++) {
                    String goal = "goal" + reset + "_";
                    // The file has 12 digits.
                    assertArrayEquals(recorded.numbers(row, goal + "x", goal + "y", goal + "z"), PandaReach.drawGoal(random), 1e-12);
                }
                reach.reset(seed);
                assertArrayEquals(recorded.numbers(row, "goal1_x", "goal1_y", "goal1_z"), reach.desiredGoal(), 1e-12);
                assertArrayEquals(recorded.position(row), reach.position(), 1e-9);
                assertArrayEquals(recorded.q(row), reach.jointAngles(), 0);
            }
            assertEquals(200, recorded.rows());
        }
    }

    @Test
    void anObservationIsPositionVelocityAndTheTwoGoals() {
        try (PandaReach reach = reach(PandaVersion.V2)) {
            assertArrayEquals(new int[] {12}, reach.observationSpace().shape());
            reach.reset(4);
            reach.step(new double[] {1, -0.5, 0.2});
            ByteBuffer observed = ByteBuffer.allocate(reach.observationSpace().bytes());
            reach.observe(observed);
            assertEquals(0, observed.remaining());
            observed.flip();
            double[] position = reach.position();
            double[] velocity = reach.velocity();
            double[] achieved = reach.achievedGoal();
            double[] desired = reach.desiredGoal();
            for (int i = 0; i < 3; i++) {
                assertEquals((float) position[i], observed.getFloat(4 * i));
                assertEquals((float) velocity[i], observed.getFloat(4 * (3 + i)));
                assertEquals(achieved[i], observed.getFloat(4 * (6 + i)), "exactly, it is a float");
                assertEquals((float) desired[i], observed.getFloat(4 * (9 + i)));
            }
            assertTrue(Math.abs(velocity[0]) > 0.1, "it is under way");
        }
    }

    @Test
    void hindsightSeesTheStepsOwnReward() {
        for (PandaReward kind : PandaReward.values()) {
            try (PandaReach reach = new PandaReach(PandaControl.JOINTS, kind, PandaVersion.V2)) {
                GoalEnvironment task = reach;
                reach.reset(11);
                for (int i = 0; i < 10; i++) {
                    double reward = reach.step(new double[] {1, 1, -1, 1, 0, 0, 1}).reward();
                    assertEquals(reward, task.reward(task.achievedGoal(), task.desiredGoal()));
                    assertEquals(0, task.reward(task.achievedGoal(), task.achievedGoal()), 1e-12, "had it wanted to be here");
                    assertTrue(task.isSuccess(task.achievedGoal(), task.achievedGoal()));
                }
            }
        }
    }

    @Test
    void fiveCentimetresAreNearForTheRewardAndNotForSuccess() {
        try (PandaReach reach = reach(PandaVersion.V3)) {
            double[] origin = {0, 0, 0};
            assertEquals(0, reach.reward(new double[] {0.05, 0, 0}, origin));
            assertFalse(reach.isSuccess(new double[] {0.05, 0, 0}, origin));
            assertEquals(-1, reach.reward(new double[] {0.050001, 0, 0}, origin));
            assertEquals(0, reach.reward(new double[] {0.0500004, 0, 0}, origin), "distances are rounded to 6 decimals");
            assertTrue(reach.isSuccess(new double[] {0.049999, 0, 0}, origin));
        }
    }

    @Test
    void successEndsTheThirdVersionAndNotTheSecond() {
        double[] here = {0.04, 0, 0.2};
        try (PandaReach second = reach(PandaVersion.V2); PandaReach third = reach(PandaVersion.V3)) {
            second.resetTo(here);
            third.resetTo(here);
            assertEquals(new Transition(0, true, false), third.step(STILL));
            for (int step = 1; step <= PandaReach.STEPS; step++) {
                assertEquals(new Transition(0, false, step == PandaReach.STEPS), second.step(STILL), "step " + step);
            }
        }
    }

    @Test
    void aResetLeavesNothingBehind() {
        try (PandaReach used = reach(PandaVersion.V2); PandaReach fresh = reach(PandaVersion.V2)) {
            used.reset(1);
            for (int i = 0; i < 20; i++) {
                used.step(new double[] {0.3, 1, -1});
            }
            used.reset(2);
            fresh.reset(2);
            for (int i = 0; i < 20; i++) {
                used.step(new double[] {-0.3, 0.1, -1});
                fresh.step(new double[] {-0.3, 0.1, -1});
                assertArrayEquals(fresh.jointAngles(), used.jointAngles(), 0);
            }
        }
    }

    @Test
    void actionsAreClipped() {
        try (PandaReach wild = reach(PandaVersion.V2); PandaReach tame = reach(PandaVersion.V2)) {
            wild.reset(0);
            tame.reset(0);
            wild.step(new double[] {1e9, -3, 0.5});
            tame.step(new double[] {1, -1, 0.5});
            assertArrayEquals(tame.jointAngles(), wild.jointAngles(), 0);
        }
    }

    @Test
    void badActionsAreRefused() {
        try (PandaReach reach = reach(PandaVersion.V3)) {
            assertSays("PandaReach has no episode (none was started, or its simulation diverged); call reset(seed) before step.",
                    () -> reach.step(STILL));
            reach.reset(0);
            assertSays("An action of PandaReach under END_EFFECTOR control has 3 values, this one has 7.", () -> reach.step(new double[7]));
            assertSays("An action of PandaReach must be finite, but this one is [0.0, NaN, 0.0]; look for the first non-finite weight or observation"
                    + " of the agent that gave it.", () -> reach.step(new double[] {0, Double.NaN, 0}));
            reach.step(STILL);
        }
    }

    @Test
    void goalsOutsideTheWorkspaceAreRefused() {
        try (PandaReach reach = reach(PandaVersion.V3)) {
            assertSays("The goal [0.0, 0.2, 0.1] is outside PandaReach's workspace; choose x and y from -0.15 to 0.15 and z from 0 to 0.3 metres.",
                    () -> reach.resetTo(new double[] {0, 0.2, 0.1}));
            assertThrows(KitException.class, () -> reach.resetTo(new double[] {0, Double.NaN, 0.1}));
            assertSays("A goal of PandaReach has 3 values (x, y, z in metres), this one has 2.", () -> reach.resetTo(new double[2]));
            reach.resetTo(new double[] {-0.15, 0.15, 0.3});
        }
    }

    @Test
    void aMissingMuJoCoIsOneSentenceWithItsPackage() throws IOException, InterruptedException {
        assertEquals("MuJoCo 2.2.2 is not on this machine (no /nowhere/libmujoco.so, which WM_MUJOCO_LIBRARY names); install it with: "
                + "apt-get install libmujoco2.2.2.", OtherJvm.run(PandaReachTest.class, null, Map.of("WM_MUJOCO_LIBRARY", "/nowhere/libmujoco.so")));
    }

    /** Prints why there is no arm. */
    public static void main(String[] arguments) {
        try (PandaReach reach = reach(PandaVersion.V3)) {
            System.out.println("made " + reach);
        } catch (KitException e) {
            System.out.println(e.getMessage());
        }
    }

    private static void assertSays(String sentence, Runnable call) {
        assertEquals(sentence, assertThrows(KitException.class, call::run).getMessage());
    }
}
