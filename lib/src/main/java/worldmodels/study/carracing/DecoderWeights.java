package worldmodels.study.carracing;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import worldmodels.report.EightBits;
import worldmodels.run.KitException;
import worldmodels.vision.ConvVae;
import worldmodels.vision.VisionModel;

/**
 * A ConvVAE's decoder for a page, as {@code decoder.js} reads it. Between its dense layer and its first transposed convolution stands nothing that bends, so the
 * two are one matrix: 105,600 numbers at z = 32 in place of 3.3 million.
 *
 * @param first     z to the first picture, (side side channels, latent)
 * @param firstBias (side side channels)
 * @param side      of the first picture, in pixels
 * @param layers    the transposed convolutions after it
 */
public record DecoderWeights(EightBits.Text first, String firstBias, int side, List<Layer> layers) {

    /**
     * One transposed convolution of stride 2.
     *
     * @param weight (out, in kernel kernel)
     * @param bias   (out)
     */
    public record Layer(EightBits.Text weight, String bias, int inputs, int kernel) {}

    /** Whether that V's decoder can stand in a page: a ConvVAE's that decodes to a picture. */
    public static boolean fit(VisionModel vision) {
        return vision instanceof ConvVae && vision.mixtures() == 0;
    }

    /** @throws KitException if V is no ConvVAE that decodes to a picture */
    public static DecoderWeights of(VisionModel vision) {
        if (!fit(vision)) {
            throw new KitException("A page can hold the decoder of a ConvVAE that was trained on squared error; this V is " + vision.kind() + ".");
        }
        float[] dense = floats(vision, "dec_fc.weight");
        float[] kernel = floats(vision, "dec_deconv1.weight");
        int[] shape = shape(vision, "dec_deconv1.weight");
        int features = shape[0];
        int channels = shape[1];
        int side = shape[2];
        int latent = vision.latentSize();
        float[] denseBias = floats(vision, "dec_fc.bias");
        float[] bias = floats(vision, "dec_deconv1.bias");
        float[] first = new float[side * side * channels * latent];
        float[] firstBias = new float[side * side * channels];
        double[] sums = new double[latent];
        for (int place = 0; place < side * side; place++) {
            for (int channel = 0; channel < channels; channel++) {
                double sum = bias[channel];
                Arrays.fill(sums, 0);
                for (int f = 0; f < features; f++) {
                    float w = kernel[(f * channels + channel) * side * side + place];
                    sum += w * denseBias[f];
                    for (int j = 0; j < latent; j++) {
                        sums[j] += w * dense[f * latent + j];
                    }
                }
                int row = place * channels + channel;
                firstBias[row] = (float) sum;
                for (int j = 0; j < latent; j++) {
                    first[row * latent + j] = (float) sums[j];
                }
            }
        }
        return new DecoderWeights(EightBits.of(first, firstBias.length).text(), EightBits.base64(firstBias), side,
                Stream.of("dec_deconv2", "dec_deconv3", "dec_deconv4").map(name -> layer(vision, name)).toList());
    }

    /** From (in, out, kernel, kernel) to a row for each output, which has a scale of its own. */
    private static Layer layer(VisionModel vision, String name) {
        float[] weight = floats(vision, name + ".weight");
        int[] shape = shape(vision, name + ".weight");
        int area = shape[2] * shape[3];
        float[] rows = new float[weight.length];
        for (int in = 0; in < shape[0]; in++) {
            for (int out = 0; out < shape[1]; out++) {
                System.arraycopy(weight, (in * shape[1] + out) * area, rows, (out * shape[0] + in) * area, area);
            }
        }
        return new Layer(EightBits.of(rows, shape[1]).text(), EightBits.base64(floats(vision, name + ".bias")), shape[0], shape[2]);
    }

    private static float[] floats(VisionModel vision, String parameter) {
        return vision.parameters().array(parameter).toFloatArray();
    }

    private static int[] shape(VisionModel vision, String parameter) {
        return Arrays.stream(vision.parameters().array(parameter).getShape().getShape()).mapToInt(Math::toIntExact).toArray();
    }
}
