package worldmodels.env.carracing;

import java.nio.ByteBuffer;
import worldmodels.env.Environment;
import worldmodels.env.Wrapper;

/**
 * A frame whose first pixels say the true state, so that whatever learns from frames can be given the truth in the same way: to compare a V with one that
 * knows. Four numbers take the first eight bytes, the high byte before the low one:
 *
 * <pre>
 * z = (speed / 30 m/s, heading / 0.8, offset / 6.7 m, curvature / 0.05 m⁻¹)        each as round((z + 4) / 8 · 65535), held to [-4, 4]
 * </pre>
 *
 * 6.7 m is half the road's width; the units make all four numbers of the size that a posterior's are.
 */
public final class TrueStateFrame extends Wrapper {

    /** How many numbers there are. */
    public static final int NUMBERS = 4;
    /** Each is held to ± this. */
    public static final double BOUND = 4;
    /** What stands for the bound; 0 stands for minus the bound. */
    public static final int GREATEST = 65_535;

    private static final double SPEED = 30;
    private static final double HEADING = 0.8;
    private static final double OFFSET = 6.7;
    private static final double CURVATURE = 0.05;

    private final CarRacing car;

    /**
     * @param frames whose observations are pixels
     * @param car    inside of it
     */
    public TrueStateFrame(Environment frames, CarRacing car) {
        super(frames);
        this.car = car;
    }

    @Override
    public void observe(ByteBuffer target) {
        int first = target.position();
        environment.observe(target);
        double[] z = numbers(Situation.of(car));
        for (int i = 0; i < NUMBERS; i++) {
            long fixed = Math.round((Math.clamp(z[i], -BOUND, BOUND) + BOUND) / (2 * BOUND) * GREATEST);
            target.put(first + 2 * i, (byte) (fixed >> 8)).put(first + 2 * i + 1, (byte) fixed);
        }
    }

    /** The four numbers in their units. */
    public static double[] numbers(Situation situation) {
        return new double[] {situation.speed() / SPEED, situation.heading() / HEADING, situation.offset() / OFFSET, situation.curvature() / CURVATURE};
    }
}
