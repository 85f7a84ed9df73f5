package worldmodels.env;

import java.nio.ByteBuffer;

/** An environment of pixels that need not draw the lower part of its picture for those who do not look at it. */
public interface TopRows {

    /** Writes the first rows of what {@link Environment#observe} writes at the buffer's position and advances it. */
    void observeTop(int rows, ByteBuffer target);
}
