package worldmodels.env;

import java.nio.ByteBuffer;
import java.util.Arrays;
import worldmodels.run.KitException;

/**
 * The frame that World Models sees: of a 96 x 96 RGB picture the top 84 rows (the bar with score, speed and wheels is cut off), resized
 * to 64 x 64 with Pillow's bilinear filter. It keeps actions, rewards and ends of the environment it wraps.
 *
 * <p>Source: Ha and Schmidhuber 2018, their {@code carracing/env.py}: {@code scipy.misc.imresize(frame[0:84, :, :], (64, 64))}. Their code
 * then computes {@code (1.0 - obs) * 255} cast to bytes, which wraps round to (obs - 1) mod 256: every channel is one lower and 0 becomes
 * 255. Here colours stay as they are.
 */
public final class WorldModelsFrame extends Wrapper {

    /** Rows and columns of the resulting frame. */
    public static final int SIDE = 64;

    private static final int SOURCE_SIDE = 96;
    private static final int ROWS_ABOVE_BAR = 84;
    private static final Space SPACE = Space.pixels(SIDE, SIDE);

    private final int rows;
    private final TriangleResize resize;
    private final ByteBuffer picture = ByteBuffer.allocate(SOURCE_SIDE * SOURCE_SIDE * 3);

    private WorldModelsFrame(Environment environment, int rows, TriangleResize resize) {
        super(environment);
        if (!Arrays.equals(environment.observationSpace().shape(), new int[] {SOURCE_SIDE, SOURCE_SIDE, 3})) {
            throw new KitException("World Models frames are made from 96 x 96 x 3 pixels, not from "
                    + Arrays.toString(environment.observationSpace().shape()) + "; wrap an environment such as CarRacing.");
        }
        this.rows = rows;
        this.resize = resize;
    }

    /** The authors' frame, without the bar. */
    public static WorldModelsFrame cropped(Environment environment) {
        return new WorldModelsFrame(environment, ROWS_ABOVE_BAR, croppedResize());
    }

    /** All 96 rows, bar included, for comparison with authors who kept it. */
    public static WorldModelsFrame withBar(Environment environment) {
        return new WorldModelsFrame(environment, SOURCE_SIDE, resizeWithBar());
    }

    /** Turns single 96 x 96 x 3 frames into 64 x 64 x 3 ones without the bar. */
    public static TriangleResize croppedResize() {
        return new TriangleResize(ROWS_ABOVE_BAR, SOURCE_SIDE, SIDE, SIDE);
    }

    /** Turns single 96 x 96 x 3 frames into 64 x 64 x 3 ones with the bar. */
    public static TriangleResize resizeWithBar() {
        return new TriangleResize(SOURCE_SIDE, SOURCE_SIDE, SIDE, SIDE);
    }

    @Override
    public Space observationSpace() {
        return SPACE;
    }

    @Override
    public void observe(ByteBuffer target) {
        picture.clear();
        if (environment instanceof TopRows drawn) {
            drawn.observeTop(rows, picture);
        } else {
            environment.observe(picture);
        }
        resize.resize(picture.flip(), target);
    }
}
