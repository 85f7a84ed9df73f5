package worldmodels.env.panda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import worldmodels.env.Transition;
import worldmodels.env.mujoco.MuJoCo;

/** Replays of episodes recorded from panda-gym 3.0.8 on PyBullet 3.2.7, with the tolerances that came with them (golden/panda/README.md, section 7). */
class PandaTraceTest {

    private static final double MILLIMETRE = 1e-3;
    private static final int STEPS = 50;

    @BeforeAll
    static void needsMuJoCo() {
        assumeTrue(MuJoCo.isAvailable(), "MuJoCo is not on this machine");
    }

    private static PandaReach reach(PandaControl control, PandaReward reward) {
        return new PandaReach(control, reward, PandaVersion.V2);
    }

    @ParameterizedTest
    @EnumSource
    void oneStepFromARecordedStateIsTheRecordedOne(PandaControl control) throws IOException {
        Errors free = new Errors();
        Errors joints = new Errors();
        Errors velocities = new Errors();
        Errors touching = new Errors();
        try (PandaReach reach = reach(control, PandaReward.SPARSE)) {
            reach.reset(0);
            for (String name : Recording.episodes(control)) {
                Recording recorded = Recording.read(name);
                for (int row = 1; row < recorded.rows(); row++) {
                    reach.place(recorded.q(row - 1), recorded.qd(row - 1));
                    reach.step(recorded.action(row, control));
                    double off = Recording.distance(recorded.position(row), reach.position());
                    if (recorded.touches(row - 1) || recorded.touches(row)) {
                        touching.add(off);
                    } else if (!recorded.atLimit(row - 1) && !recorded.atLimit(row)) {
                        free.add(off);
                        joints.add(Recording.largest(recorded.q(row), reach.jointAngles()));
                        velocities.add(Recording.distance(recorded.velocity(row), reach.velocity()));
                    }
                }
            }
        }
        free.refuseAbove(0.95, 0.1 * MILLIMETRE, 0.3 * MILLIMETRE, "tool, one step");
        joints.refuseAbove(0.95, 5e-4, 2e-3, "joints, one step");
        velocities.refuseAbove(0.95, 0.005, 0.02, "tool's velocity, one step");
        touching.refuseAbove(0.9, 10 * MILLIMETRE, Double.POSITIVE_INFINITY, "tool, one step in contact");
    }

    /** Steps at a joint's limit count too, which is more than the tolerances ask. */
    @ParameterizedTest
    @EnumSource
    void anOpenLoopEpisodeStaysOnTheRecordedOne(PandaControl control) throws IOException {
        Errors ten = new Errors();
        Errors fifty = new Errors();
        Errors afterContact = new Errors();
        try (PandaReach reach = reach(control, PandaReward.SPARSE)) {
            for (String name : Recording.episodes(control)) {
                Recording recorded = Recording.read(name);
                reach.reset(0);
                boolean free = true;
                for (int row = 1; row < recorded.rows(); row++) {
                    reach.step(recorded.action(row, control));
                    free &= !recorded.touches(row);
                    double off = Recording.distance(recorded.position(row), reach.position());
                    (free ? fifty : afterContact).add(off);
                    if (free && row <= 10) {
                        ten.add(off);
                    }
                }
            }
        }
        ten.refuseAbove(0.95, 1.5 * MILLIMETRE, 3 * MILLIMETRE, "tool, 10 steps");
        fifty.refuseAbove(0.95, 3 * MILLIMETRE, 6 * MILLIMETRE, "tool, 50 steps");
        afterContact.refuseAbove(0.95, 40 * MILLIMETRE, 40 * MILLIMETRE, "tool, after a contact");
    }

    @ParameterizedTest
    @EnumSource
    void everyPhysicsStepOfARandomEpisodeIsTheRecordedOne(PandaControl control) throws IOException {
        String key = Recording.key(control);
        Recording recorded = Recording.read(key + "_random_0_substeps");
        Recording steps = Recording.read(key + "_random_0");
        try (Arm arm = new Arm(0)) {
            arm.place(steps.q(0), steps.qd(0));
            for (int row = 0; row < recorded.rows(); row++) {
                System.arraycopy(steps.series((int) recorded.number(row, "step"), "qt", 1, 7), 0, arm.target, 0, 7);
                arm.advance(1);
                assertArrayEquals(recorded.q(row), Arrays.copyOf(arm.q, 7), 1e-7, "physics step " + row);
                assertArrayEquals(recorded.qd(row), Arrays.copyOf(arm.qd, 7), 1e-5, "physics step " + row);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void rewardsAndSuccessFollowFromTheRecordedPositions(PandaControl control) throws IOException {
        try (PandaReach sparse = reach(control, PandaReward.SPARSE); PandaReach dense = reach(control, PandaReward.DENSE)) {
            for (String name : Recording.episodes(control)) {
                Recording recorded = Recording.read(name);
                for (int row = 0; row < recorded.rows(); row++) {
                    double[] achieved = recorded.numbers(row, "ag_x", "ag_y", "ag_z");
                    double[] desired = recorded.numbers(row, "dg_x", "dg_y", "dg_z");
                    for (int i = 0; i < 3; i++) {
                        achieved[i] = (float) achieved[i];
                    }
                    assertEquals(recorded.number(row, "reward_sparse"), sparse.reward(achieved, desired), 1e-12, name + " row " + row);
                    assertEquals(recorded.number(row, "reward_dense"), dense.reward(achieved, desired), 1e-9, name + " row " + row);
                    assertEquals(recorded.number(row, "is_success") > 0, sparse.isSuccess(achieved, desired), name + " row " + row);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void controllersSucceedAtTheRecordedStep(PandaControl control) throws IOException {
        Recording recorded = Recording.read("closed_loop");
        List<Policy> policies = List.of(Policy.gain(control, 10), Policy.gain(control, 20), Policy.random(control));
        try (PandaReach reach = new PandaReach(control, PandaReward.SPARSE, PandaVersion.V3)) {
            for (Policy policy : policies) {
                int episodes = 0;
                int same = 0;
                int near = 0;
                int agree = 0;
                double ours = 0;
                double theirs = 0;
                int successes = 0;
                for (int row = 0; row < recorded.rows(); row++) {
                    if (!recorded.text(row, "control").equals(Recording.key(control)) || !recorded.text(row, "policy").equals(policy.name)) {
                        continue;
                    }
                    double first = recorded.number(row, "first_success_step");
                    int step = firstSuccess(reach, policy, (int) recorded.number(row, "seed"));
                    episodes++;
                    same += step == first || step == 0 && Double.isNaN(first) ? 1 : 0;
                    near += Math.abs(step - first) <= 1 ? 1 : 0;
                    agree += (step > 0) == (first > 0) ? 1 : 0;
                    successes += step > 0 ? 1 : 0;
                    ours += step > 0 ? 1 - step : -STEPS;
                    theirs += recorded.number(row, "sparse_return");
                }
                assertTrue(episodes >= 20, policy.name + ": only " + episodes + " recorded");
                String found = policy.name + ": of " + episodes + " " + same + " at the same step, " + near + " within one, " + successes
                        + " successes, " + agree + " agreeing, return " + ours / episodes + " for " + theirs / episodes;
                if (policy.name.equals("random")) {
                    assertTrue(agree >= (control == PandaControl.END_EFFECTOR ? 0.95 : 0.97) * episodes, found);
                } else {
                    assertTrue(same >= 0.97 * episodes && near >= 0.99 * episodes && successes == episodes, found);
                    assertEquals(theirs / episodes, ours / episodes, control == PandaControl.END_EFFECTOR ? 0.05 : 0.1, found);
                }
            }
        }
    }

    /** The step that terminated an episode, 0 if none did. */
    private static int firstSuccess(PandaReach reach, Policy policy, int seed) {
        reach.reset(seed);
        for (int step = 1; step <= STEPS; step++) {
            Transition transition = reach.step(policy.act(reach, seed, step));
            assertEquals(transition.terminated() ? 0 : -1, transition.reward(), "reward and success part only at 0.05 m exactly");
            if (transition.terminated()) {
                return step;
            }
            assertEquals(step == STEPS, transition.truncated());
        }
        return 0;
    }

    /** What drove the recorded closed loops. */
    private abstract static class Policy {

        final String name;

        private Policy(String name) {
            this.name = name;
        }

        abstract double[] act(PandaReach reach, int seed, int step);

        /** action = clip(gain (goal - here), -1, 1), of positions or of recorded goal joints. */
        static Policy gain(PandaControl control, double gain) throws IOException {
            Recording goals = Recording.read("qgoal");
            return new Policy("p" + (int) gain) {
                @Override
                double[] act(PandaReach reach, int seed, int step) {
                    boolean joints = control == PandaControl.JOINTS;
                    double[] goal = joints ? goals.series(seed, "qgoal", 1, 7) : reach.desiredGoal();
                    double[] here = joints ? reach.jointAngles() : reach.achievedGoal();
                    double[] action = new double[goal.length];
                    for (int i = 0; i < action.length; i++) {
                        action[i] = Math.clamp(gain * (goal[i] - here[i]), -1, 1);
                    }
                    return action;
                }
            };
        }

        static Policy random(PandaControl control) throws IOException {
            Recording actions = Recording.read("actions-" + Recording.key(control));
            return new Policy("random") {
                @Override
                double[] act(PandaReach reach, int seed, int step) {
                    int row = seed * STEPS + step - 1;
                    assertEquals(seed, (int) actions.number(row, "seed"));
                    return actions.action(row, control);
                }
            };
        }
    }

    /** Deviations, to be judged by a quantile and the largest. */
    private static final class Errors {

        private double[] values = new double[4096];
        private int count;

        void add(double value) {
            if (count == values.length) {
                values = Arrays.copyOf(values, 2 * count);
            }
            values[count++] = value;
        }

        void refuseAbove(double quantile, double bound, double most, String what) {
            assertTrue(count > 0, "nothing compared: " + what);
            double[] sorted = Arrays.copyOf(values, count);
            Arrays.sort(sorted);
            double at = sorted[(int) Math.ceil(quantile * count) - 1];
            double largest = sorted[count - 1];
            assertFalse(at > bound || largest > most, what + ": quantile " + quantile + " is " + at + ", the largest " + largest + " of " + count);
        }
    }
}
