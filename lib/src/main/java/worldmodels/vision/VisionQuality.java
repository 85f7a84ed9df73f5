package worldmodels.vision;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.Arrays;
import worldmodels.nn.Gradients;
import worldmodels.run.StoppedException;

/**
 * Whether V has learned enough to go on.
 *
 * @param meanVariance        for each latent, the variance of its posterior mean over the frames; a latent that never moves tells nothing
 * @param reconstructionError squared error per frame, summed over pixels and colours, decoding the posterior's mean
 */
public record VisionQuality(double[] meanVariance, double reconstructionError) {

    /** Burda et al. 2016 count a latent as active when its mean's variance is above this. */
    public static final double ACTIVE = 0.01;

    /** How many latents are active. */
    public int activeLatents() {
        return (int) Arrays.stream(meanVariance).filter(variance -> variance > ACTIVE).count();
    }

    /** @param batches how many batches of {@code size} frames to measure, counted from 0 */
    public static VisionQuality measure(NDManager manager, VisionModel model, FrameSource source, int batches, int size) {
        int latents = model.latentSize();
        double[] sum = new double[latents];
        double[] square = new double[latents];
        double error = 0;
        ByteBuffer frames = ByteBuffer.allocateDirect(size * ConvVae.FRAME_BYTES);
        for (int batch = 0; batch < batches; batch++) {
            StoppedException.throwIfInterrupted("Measuring the vision model");
            source.fill(batch, frames.clear());
            try (NDManager scope = manager.newSubManager(); Gradients.Pause pause = Gradients.pause()) {
                NDArray x = scope.create(frames.clear(), new Shape(size, ConvVae.SIZE, ConvVae.SIZE, 3), DataType.UINT8);
                NDArray mean = model.encode(x).mean();
                error += model.decode(mean).sub(x.toType(DataType.FLOAT32, false).divi(255)).square().sum().toFloatArray()[0];
                float[] values = mean.toFloatArray();
                for (int i = 0; i < values.length; i++) {
                    sum[i % latents] += values[i];
                    square[i % latents] += (double) values[i] * values[i];
                }
            }
        }
        double count = (double) batches * size;
        double[] variance = new double[latents];
        for (int i = 0; i < latents; i++) {
            variance[i] = square[i] / count - sum[i] / count * (sum[i] / count);
        }
        return new VisionQuality(variance, error / count);
    }
}
