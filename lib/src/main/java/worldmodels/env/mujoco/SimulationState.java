package worldmodels.env.mujoco;

import java.util.Arrays;
import worldmodels.run.KitException;

/**
 * What a {@link Simulation} continues from, bit for bit, taken between steps. Not in it: what a task has written into the model.
 *
 * @param time       seconds
 * @param qpos       generalised coordinates (nq)
 * @param qvel       generalised velocities (nv)
 * @param act        activations of actuators that have some
 * @param warmstart  accelerations that the solver begins with (nv)
 * @param ctrl       controls (nu)
 * @param sensordata the sensors' values; those of forces cannot be computed from the rest
 */
public record SimulationState(double time, double[] qpos, double[] qvel, double[] act, double[] warmstart, double[] ctrl, double[] sensordata) {

    /** @throws KitException if a number is not finite */
    public SimulationState {
        refuseBad("qpos", qpos);
        refuseBad("qvel", qvel);
        refuseBad("act", act);
        refuseBad("warmstart", warmstart);
        refuseBad("ctrl", ctrl);
    }

    private static void refuseBad(String name, double[] numbers) {
        for (double number : numbers) {
            if (!Double.isFinite(number)) {
                throw new KitException("A simulation cannot continue from numbers that are not finite, but " + name + " is "
                        + Arrays.toString(numbers) + ".");
            }
        }
    }
}
