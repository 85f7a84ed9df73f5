package worldmodels.vision;

import java.nio.ByteBuffer;

/** Where training takes its pictures from. */
@FunctionalInterface
public interface FrameSource {

    /**
     * Fills the whole buffer with uint8 pictures, (batch, 64, 64, 3).
     *
     * @param batch counts on over epochs; what comes depends on it alone, so that a resumed run sees what an uninterrupted one would
     */
    void fill(long batch, ByteBuffer frames);
}
