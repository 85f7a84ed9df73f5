package worldmodels.study.control;

import java.nio.ByteBuffer;
import java.util.Arrays;
import worldmodels.env.ActionRepeat;
import worldmodels.env.Environment;
import worldmodels.env.Transition;
import worldmodels.env.control.ControlEnvironment;
import worldmodels.env.control.ControlTask;
import worldmodels.env.control.Recording;
import worldmodels.random.Pcg64;

/**
 * A task of the Control Suite as this machine has it: what random actions earn, how fast it is, and how far it is from the recording that the
 * library holds.
 *
 * @param task              which
 * @param stateSize         numbers of the state observation
 * @param returns           of episodes under actions drawn uniformly anew for each decision, PlaNet's action repeat
 * @param stepsPerSecond    control steps on one thread, without pictures
 * @param picturesPerSecond 64 x 64 pictures on one thread
 * @param difference        from the recorded steps
 * @param pictureDifference mean absolute difference from the recorded picture, of 255
 */
public record ControlSurvey(ControlTask task, int stateSize, double[] returns, double stepsPerSecond, double picturesPerSecond,
                            Recording.Difference difference, double pictureDifference) {

    private static final int PICTURES = 20;

    /**
     * @param episodes of random actions
     * @param seed     of the first episode; the others' follow
     * @throws worldmodels.run.KitException if MuJoCo or OSMesa is not on this machine
     */
    public static ControlSurvey of(ControlTask task, int episodes, long seed) {
        try (ControlEnvironment environment = ControlEnvironment.of(task)) {
            Recording.Difference difference = Recording.of(task).play(environment, Recording.KEPT_STEPS);
            ByteBuffer picture = ByteBuffer.allocateDirect(environment.observationSpace().bytes());
            environment.observe(picture);
            double pictureDifference = difference(Recording.picture(task), picture.flip());
            long start = System.nanoTime();
            for (int i = 0; i < PICTURES; i++) {
                environment.observe(picture.clear());
            }
            double picturesPerSecond = PICTURES / seconds(start);
            Environment repeated = new ActionRepeat(environment, task.actionRepeat());
            // The first episode is compiled on the way.
            randomReturn(repeated, seed);
            start = System.nanoTime();
            double[] returns = new double[episodes];
            Arrays.setAll(returns, i -> randomReturn(repeated, seed + i));
            double stepsPerSecond = (double) episodes * ControlEnvironment.CONTROL_STEPS / seconds(start);
            return new ControlSurvey(task, environment.state().length, returns, stepsPerSecond, picturesPerSecond, difference, pictureDifference);
        }
    }

    /** The mean return. */
    public double meanReturn() {
        return Arrays.stream(returns).average().orElse(Double.NaN);
    }

    private static double randomReturn(Environment environment, long seed) {
        Pcg64 random = Pcg64.stream(seed, "random actions");
        double[] action = new double[environment.actionSpace().size()];
        environment.reset(seed);
        double sum = 0;
        Transition transition;
        do {
            for (int i = 0; i < action.length; i++) {
                action[i] = random.uniform(-1, 1);
            }
            transition = environment.step(action);
            sum += transition.reward();
        } while (!transition.ended());
        return sum;
    }

    private static double difference(ByteBuffer recorded, ByteBuffer drawn) {
        double sum = 0;
        for (int i = 0; i < recorded.capacity(); i++) {
            sum += Math.abs((recorded.get(i) & 0xff) - (drawn.get(i) & 0xff));
        }
        return sum / recorded.capacity();
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
