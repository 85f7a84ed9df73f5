package worldmodels.vision;

import java.nio.ByteBuffer;

/**
 * V while acting: many frames in, posteriors out. It holds what V had learned when it was made; {@link VisionModel#encoder} makes one. An
 * encoder belongs to one thread at a time.
 */
public interface FrameEncoder extends AutoCloseable {

    /**
     * @param frames      a direct buffer that holds uint8 (count, 64, 64, 3) from its start
     * @param mean        receives (count, latent), row by row from 0
     * @param logVariance receives (count, latent), or null if not wanted
     */
    void encode(ByteBuffer frames, int count, float[] mean, float[] logVariance);

    @Override
    void close();
}
