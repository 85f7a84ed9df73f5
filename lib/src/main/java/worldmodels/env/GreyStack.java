package worldmodels.env;

import java.nio.ByteBuffer;
import worldmodels.run.KitException;

/**
 * The last few pictures of an RGB environment in grey, one beside the other pixel by pixel: (height, width, pictures), the newest last; at first all are the
 * first. Grey is 0.299 R + 0.587 G + 0.114 B, rounded (ITU-R BT.601), as OpenCV's and Gymnasium's wrappers have it.
 */
public final class GreyStack extends Wrapper {

    private final int pictures;
    private final int pixels;
    private final Space space;
    private final ByteBuffer colours;
    private final byte[] stack;

    /** @throws KitException if it shows no RGB pictures, or fewer than 1 is asked for */
    public GreyStack(Environment environment, int pictures) {
        super(environment);
        int[] shape = environment.observationSpace().shape();
        if (shape.length != 3 || shape[2] != 3 || environment.observationSpace().type() != Space.Type.UINT8 || pictures < 1) {
            throw new KitException("A stack of " + pictures + " grey pictures needs at least 1 and an environment that shows RGB pictures.");
        }
        this.pictures = pictures;
        this.pixels = shape[0] * shape[1];
        this.space = new Space(Space.Type.UINT8, new int[] {shape[0], shape[1], pictures}, new double[] {0}, new double[] {255});
        this.colours = ByteBuffer.allocate(pixels * 3);
        this.stack = new byte[pixels * pictures];
    }

    @Override
    public Space observationSpace() {
        return space;
    }

    @Override
    public void reset(long seed) {
        environment.reset(seed);
        for (int i = 0; i < pictures; i++) {
            look();
        }
    }

    @Override
    public Transition step(double[] action) {
        Transition transition = environment.step(action);
        look();
        return transition;
    }

    private void look() {
        environment.observe(colours.clear());
        byte[] rgb = colours.array();
        for (int pixel = 0, at = 0; pixel < pixels; pixel++, at += pictures) {
            int c = 3 * pixel;
            int grey = 299 * (rgb[c] & 0xFF) + 587 * (rgb[c + 1] & 0xFF) + 114 * (rgb[c + 2] & 0xFF);
            System.arraycopy(stack, at + 1, stack, at, pictures - 1);
            stack[at + pictures - 1] = (byte) ((grey + 500) / 1000);
        }
    }

    @Override
    public void observe(ByteBuffer target) {
        target.put(stack);
    }
}
