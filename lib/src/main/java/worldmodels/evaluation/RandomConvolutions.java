package worldmodels.evaluation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import worldmodels.nn.Compute;
import worldmodels.nn.Initialiser;
import worldmodels.nn.Seeds;

/**
 * Features that need no download: three convolutions with random weights that never change. Their averages tell colours, edges and textures apart,
 * and the quarters of the last layer tell roughly where they are; they know nothing of things. So a Fréchet distance of them orders
 * the models of one table, and is no FID.
 *
 * <pre>
 * 3 -conv 4, /2-> 32 -conv 4, /2-> 64 -conv 4, /2-> 64, each rectified
 * features: mean of the first 32, mean of the second 64, mean of each quarter of the last 64: 352 in all
 * </pre>
 */
public final class RandomConvolutions implements FeatureExtractor {

    private static final long SEED = 1;
    private static final int KERNEL = 4;
    private static final int[] CHANNELS = {3, 32, 64, 64};

    private final NDManager manager = Compute.newManager();
    private final NDArray[] weights = new NDArray[CHANNELS.length - 1];

    /** Draws the weights, always alike, so that distances of all runs compare. */
    public RandomConvolutions() {
        for (int i = 0; i < weights.length; i++) {
            long in = (long) CHANNELS[i] * KERNEL * KERNEL;
            weights[i] = Initialiser.normal(Math.sqrt(2.0 / in)).draw(manager, new Shape(CHANNELS[i + 1], CHANNELS[i], KERNEL, KERNEL), in,
                    CHANNELS[i + 1], Seeds.named(SEED, "random convolution", i));
        }
    }

    @Override
    public String name() {
        return "352 features of random convolutions";
    }

    @Override
    public NDArray features(NDArray pictures) {
        NDArray h = pictures.transpose(0, 3, 1, 2).toType(DataType.FLOAT32, false).div(127.5f).sub(1);
        NDArray[] parts = new NDArray[weights.length];
        for (int i = 0; i < weights.length; i++) {
            h = Activation.relu(Conv2d.conv2d(h, weights[i], null, new Shape(2, 2)).singletonOrThrow());
            parts[i] = i < weights.length - 1 ? h.mean(new int[] {3}).mean(new int[] {2}) : quarters(h);
        }
        return NDArrays.concat(new NDList(parts), 1);
    }

    /** Means over the four quarters of the last layer; (batch, 4 channels). */
    private static NDArray quarters(NDArray h) {
        long side = h.getShape().get(2) / 2;
        NDArray even = h.get(":, :, :" + 2 * side + ", :" + 2 * side);
        return even.reshape(-1, CHANNELS[CHANNELS.length - 1], 2, side, 2, side).mean(new int[] {5}).mean(new int[] {3}).reshape(h.getShape().get(0), -1);
    }

    @Override
    public void close() {
        manager.close();
    }
}
