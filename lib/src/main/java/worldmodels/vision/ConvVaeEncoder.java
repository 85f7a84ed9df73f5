package worldmodels.vision;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import worldmodels.nn.Parameters;
import worldmodels.nn.RowSums;

/**
 * The encoder of {@link ConvVae} in plain Java: the same network in 32 bits, with the same weights, without what is zero. The first
 * layer sees every pixel, the others skip what the layer before has rectified away. On one core it takes about as long as the tensor engine
 * does in batches of 32, and a frame's z depends on the frame alone, bit for bit, on any machine and in any batch.
 */
final class ConvVaeEncoder implements FrameEncoder {

    /** Frames that go through the other layers together: pictures become smaller from layer to layer, and weights more. */
    private static final int[] TOGETHER = {1, 8, 32};
    private static final int SIDE = ConvVae.SIZE;
    private static final int KERNEL = 4;
    private static final int FIRST_SIDE = (SIDE - KERNEL) / 2 + 1;
    private static final int FIRST_OUTPUTS = 32;
    private static final int LINE = 3 * KERNEL;
    private static final RowSums SUMS = RowSums.INSTANCE;

    private final int latentSize;
    private final MemorySegment firstWeights;
    private final float[] firstBias;
    private final SparseConvolution[] others;
    /** Mean and log variance side by side, in whole blocks. */
    private final int outputs;
    private final MemorySegment headWeights;
    private final float[] headBias;

    private final byte[] bytes = new byte[ConvVae.FRAME_BYTES];
    private final float[] picture = new float[ConvVae.FRAME_BYTES];
    private final float[] first = new float[FIRST_SIDE * FIRST_SIDE * FIRST_OUTPUTS];
    private final int[] row = new int[2 * ConvVae.FEATURES];
    private final float[] value = new float[2 * ConvVae.FEATURES];
    private final float[] heads;
    /** Of the batch, the frames that have passed all layers. */
    private int encoded;

    /** Copies the weights. */
    ConvVaeEncoder(ConvVae model) {
        Parameters parameters = model.parameters();
        latentSize = model.latentSize();
        float[] kernel = values(parameters, "enc_conv1.weight");
        float[] placed = new float[kernel.length];
        for (int o = 0; o < FIRST_OUTPUTS; o++) {
            for (int c = 0; c < 3; c++) {
                for (int yx = 0; yx < KERNEL * KERNEL; yx++) {
                    // Pixels come as 0 to 255.
                    placed[(yx * 3 + c) * FIRST_OUTPUTS + o] = kernel[(o * 3 + c) * KERNEL * KERNEL + yx] / 255;
                }
            }
        }
        firstWeights = RowSums.weights(placed);
        firstBias = values(parameters, "enc_conv1.bias");
        others = new SparseConvolution[TOGETHER.length];
        int side = FIRST_SIDE;
        int channels = FIRST_OUTPUTS;
        for (int i = 0; i < others.length; i++) {
            String layer = "enc_conv" + (i + 2);
            float[] bias = values(parameters, layer + ".bias");
            others[i] = new SparseConvolution(side, channels, bias.length, values(parameters, layer + ".weight"), bias, TOGETHER[i]);
            side = others[i].newSide();
            channels = bias.length;
        }
        outputs = (2 * latentSize + RowSums.COLUMNS - 1) / RowSums.COLUMNS * RowSums.COLUMNS;
        float[] head = new float[ConvVae.FEATURES * outputs];
        headBias = new float[outputs];
        placeHead(parameters, "enc_fc_mu", 0, side * side, channels, head);
        placeHead(parameters, "enc_fc_log_var", latentSize, side * side, channels, head);
        headWeights = RowSums.weights(head);
        heads = new float[outputs];
    }

    /** The tensor engine flattens by channel, then pixel; here pixels come first. */
    private void placeHead(Parameters parameters, String layer, int firstOutput, int pixels, int channels, float[] placed) {
        float[] weight = values(parameters, layer + ".weight");
        System.arraycopy(values(parameters, layer + ".bias"), 0, headBias, firstOutput, latentSize);
        for (int i = 0; i < latentSize; i++) {
            int o = firstOutput + i;
            int block = o / RowSums.COLUMNS * ConvVae.FEATURES * RowSums.COLUMNS;
            for (int c = 0; c < channels; c++) {
                for (int p = 0; p < pixels; p++) {
                    placed[block + (p * channels + c) * RowSums.COLUMNS + o % RowSums.COLUMNS]
                            = weight[i * ConvVae.FEATURES + c * pixels + p];
                }
            }
        }
    }

    private static float[] values(Parameters parameters, String name) {
        return parameters.array(name).toFloatArray();
    }

    @Override
    public void encode(ByteBuffer frames, int count, float[] mean, float[] logVariance) {
        encoded = 0;
        for (int frame = 0; frame < count; frame++) {
            firstLayer(frames, frame);
            take(0, first, 0, mean, logVariance);
        }
        for (int layer = 0; layer < others.length; layer++) {
            passOn(layer, mean, logVariance);
        }
    }

    /** One picture reaches a layer, which waits until it has enough of them. */
    private void take(int layer, float[] h, int at, float[] mean, float[] logVariance) {
        others[layer].take(h, at);
        if (others[layer].isFull()) {
            passOn(layer, mean, logVariance);
        }
    }

    private void passOn(int layer, float[] mean, float[] logVariance) {
        SparseConvolution convolution = others[layer];
        int end = convolution.taken() * convolution.newSize();
        float[] h = convolution.apply();
        for (int at = 0; at < end; at += convolution.newSize()) {
            if (layer + 1 < others.length) {
                take(layer + 1, h, at, mean, logVariance);
            } else {
                readHeads(h, at, mean, logVariance);
            }
        }
    }

    /** The first layer. Outputs come four at a time; the last four of a line overlap those before. */
    private void firstLayer(ByteBuffer frames, int frame) {
        frames.get(frame * ConvVae.FRAME_BYTES, bytes);
        for (int i = 0; i < picture.length; i++) {
            picture[i] = bytes[i] & 0xFF;
        }
        for (int y = 0; y < FIRST_SIDE; y++) {
            int line = 2 * y * SIDE * 3;
            int out = y * FIRST_SIDE;
            for (int x = 0; x < FIRST_SIDE; x += 4) {
                int left = Math.min(x, FIRST_SIDE - 4);
                SUMS.fourPatches(picture, line + 2 * left * 3, 2 * 3, KERNEL, LINE, SIDE * 3, firstWeights, firstBias, FIRST_OUTPUTS, first,
                        (out + left) * FIRST_OUTPUTS);
            }
        }
    }

    private void readHeads(float[] h, int at, float[] mean, float[] logVariance) {
        int n = SUMS.listPositive(h, at, ConvVae.FEATURES, 0, row, value, 0);
        System.arraycopy(headBias, 0, heads, 0, outputs);
        for (int column = 0; column < outputs; column += RowSums.COLUMNS) {
            SUMS.add(heads, column, headWeights, column * ConvVae.FEATURES, row, value, 0, n);
        }
        System.arraycopy(heads, 0, mean, encoded * latentSize, latentSize);
        for (int j = 0; logVariance != null && j < latentSize; j++) {
            logVariance[encoded * latentSize + j] = Math.clamp(heads[latentSize + j], -ConvVae.LOG_VARIANCE_BOUND, ConvVae.LOG_VARIANCE_BOUND);
        }
        encoded++;
    }

    /** Holds nothing but Java arrays. */
    @Override
    public void close() {}
}
