package worldmodels.vision;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import worldmodels.nn.Gradients;

/**
 * V while acting: many frames in, posteriors out, without gradients and without copying the pictures. The model may be shared by many
 * encoders; an encoder belongs to one thread at a time.
 */
public final class FrameEncoder implements AutoCloseable {

    private final VisionModel model;
    private final NDManager manager;

    /** The model stays the caller's. */
    public FrameEncoder(VisionModel model, NDManager parent) {
        this.model = model;
        this.manager = parent.newSubManager();
    }

    /**
     * @param frames      a direct buffer that holds uint8 (count, 64, 64, 3) from its start; read in place
     * @param mean        receives (count, latent), row by row from 0
     * @param logVariance receives (count, latent), or null if not wanted
     */
    public void encode(ByteBuffer frames, int count, float[] mean, float[] logVariance) {
        ByteBuffer pixels = frames.slice(0, count * ConvVae.FRAME_BYTES);
        try (NDManager scope = manager.newSubManager(); Gradients.Pause pause = Gradients.pause()) {
            NDArray batch = scope.create(pixels, new Shape(count, ConvVae.SIZE, ConvVae.SIZE, 3), DataType.UINT8);
            Posterior posterior = model.encode(batch);
            int size = count * model.latentSize();
            System.arraycopy(posterior.mean().toFloatArray(), 0, mean, 0, size);
            if (logVariance != null) {
                System.arraycopy(posterior.logVariance().toFloatArray(), 0, logVariance, 0, size);
            }
        }
    }

    @Override
    public void close() {
        manager.close();
    }
}
