package worldmodels.vision;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.Arrays;
import worldmodels.nn.Gradients;
import worldmodels.nn.Normal;
import worldmodels.run.StoppedException;

/**
 * Whether V has learned enough to go on.
 *
 * @param meanVariance        for each latent, the variance of its posterior mean over the frames; a latent that never moves tells nothing
 * @param divergence          for each latent, KL of its posterior from N(0, 1) in nats, averaged over the frames: what it tells of a frame
 * @param reconstructionError squared error per frame, summed over pixels and colours, decoding the posterior's mean
 */
public record VisionQuality(double[] meanVariance, double[] divergence, double reconstructionError) {

    /** Burda et al. 2016 count a latent as active when its mean's variance is above this. */
    public static final double ACTIVE = 0.01;

    /** A latent that tells less than this many nats of a frame is left out by decoders and by M, whether its mean moves or not. */
    public static final double TELLING = 0.05;

    /** How many latents are active. */
    public int activeLatents() {
        return (int) Arrays.stream(meanVariance).filter(variance -> variance > ACTIVE).count();
    }

    /** How many latents tell more than {@link #TELLING} nats of a frame, at most; a mean may move within its own noise. */
    public int tellingLatents() {
        return (int) Arrays.stream(divergence).filter(nats -> nats > TELLING).count();
    }

    /** What z tells of a frame, in nats. */
    public double nats() {
        return Arrays.stream(divergence).sum();
    }

    /** @param batches how many batches of {@code size} frames to measure, counted from 0 */
    public static VisionQuality measure(NDManager manager, VisionModel model, FrameSource source, int batches, int size) {
        int latents = model.latentSize();
        double[] sum = new double[latents];
        double[] square = new double[latents];
        double[] divergence = new double[latents];
        double count = (double) batches * size;
        double error = 0;
        ByteBuffer frames = ByteBuffer.allocateDirect(size * ConvVae.FRAME_BYTES);
        for (int batch = 0; batch < batches; batch++) {
            StoppedException.throwIfInterrupted("Measuring the vision model");
            source.fill(batch, frames.clear());
            try (NDManager scope = manager.newSubManager(); Gradients.Pause pause = Gradients.pause()) {
                NDArray x = scope.create(frames.clear(), new Shape(size, ConvVae.SIZE, ConvVae.SIZE, 3), DataType.UINT8);
                Normal posterior = model.encode(x);
                NDArray mean = posterior.mean();
                error += model.decode(mean).sub(x.toType(DataType.FLOAT32, false).divi(255)).square().sum().toFloatArray()[0];
                float[] values = mean.toFloatArray();
                float[] logVariances = posterior.logVariance().toFloatArray();
                for (int i = 0; i < values.length; i++) {
                    sum[i % latents] += values[i];
                    square[i % latents] += (double) values[i] * values[i];
                    divergence[i % latents] += 0.5 * ((double) values[i] * values[i] + Math.exp(logVariances[i]) - 1 - logVariances[i]) / count;
                }
            }
        }
        double[] variance = new double[latents];
        for (int i = 0; i < latents; i++) {
            variance[i] = square[i] / count - sum[i] / count * (sum[i] / count);
        }
        return new VisionQuality(variance, divergence, error / count);
    }
}
