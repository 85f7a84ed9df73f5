package worldmodels.vision;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import worldmodels.nn.Compute;
import worldmodels.nn.Gradients;
import worldmodels.nn.Normal;

/** Any vision model's encoder: the model itself, without gradients and without copying the pictures. */
final class TensorFrameEncoder implements FrameEncoder {

    private final VisionModel model;
    private final NDManager manager = Compute.newManager();

    TensorFrameEncoder(VisionModel model) {
        this.model = model;
    }

    @Override
    public void encode(ByteBuffer frames, int count, float[] mean, float[] logVariance) {
        ByteBuffer pixels = frames.slice(0, count * ConvVae.FRAME_BYTES);
        try (NDManager scope = manager.newSubManager(); Gradients.Pause pause = Gradients.pause()) {
            NDArray batch = scope.create(pixels, new Shape(count, ConvVae.SIZE, ConvVae.SIZE, 3), DataType.UINT8);
            Normal posterior = model.encode(batch);
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
