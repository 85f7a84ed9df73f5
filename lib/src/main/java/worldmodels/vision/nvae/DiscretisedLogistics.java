package worldmodels.vision.nvae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import worldmodels.nn.TorchOps;

/**
 * A mixture of discretised logistics over the 256 values of each colour (Salimans et al. 2017, "PixelCNN++", section 2.1; the decoder of NVAE's
 * experiments). Of one pixel, with colours x in [-1, 1] in steps of 2 / 255 and σ the logistic function:
 *
 * <pre>
 * P(r, g, b) = Σ_k π_k L(r; μr, s_r) L(g; μg + α r, s_g) L(b; μb + β r + γ g, s_b)
 * L(x; μ, s) = σ((x + 1/255 - μ) / s) - σ((x - 1/255 - μ) / s), the first term 1 for x = 1, the second 0 for x = -1
 * </pre>
 *
 * @param logits       (batch, K, height, width)
 * @param means        (batch, 3, K, height, width)
 * @param logScales    the same
 * @param coefficients α, β, γ in (-1, 1), the same
 */
public record DiscretisedLogistics(NDArray logits, NDArray means, NDArray logScales, NDArray coefficients) {

    private static final float HALF_STEP = 1f / 255;
    private static final float LEAST_LOG_SCALE = -7;
    /** Below this the difference of two σ is lost to rounding, and the density times the step takes its place. */
    private static final float LEAST_PROBABILITY = 1e-5f;
    private static final float EDGE = 0.999f;

    /** How many numbers a decoder gives for each pixel. */
    public static int channels(int components) {
        return 10 * components;
    }

    /** @param x what a decoder says, (batch, 10 K, height, width) */
    public static DiscretisedLogistics of(NDArray x) {
        Shape s = x.getShape();
        long k = s.get(1) / 10;
        NDArray rest = x.get(":, " + k + ":").reshape(s.get(0), 3, 3 * k, s.get(2), s.get(3));
        return new DiscretisedLogistics(x.get(":, :" + k), rest.get(":, :, :" + k),
                TorchOps.atLeast(rest.get(":, :, " + k + ":" + 2 * k), LEAST_LOG_SCALE), rest.get(":, :, " + 2 * k + ":").tanh());
    }

    /**
     * ln P of whole pictures.
     *
     * @param pictures (batch, 3, height, width) in [-1, 1]
     * @return (batch), in nats
     */
    public NDArray logLikelihood(NDArray pictures) {
        NDArray x = pictures.expandDims(2);
        NDArray centred = x.sub(centres(colour(x, 0), colour(x, 1)));
        NDArray inverse = logScales.neg().exp();
        NDArray above = centred.add(HALF_STEP).mul(inverse);
        NDArray below = centred.sub(HALF_STEP).mul(inverse);
        NDArray middle = centred.mul(inverse);
        NDArray difference = sigmoid(above).sub(sigmoid(below));
        // ln of the density: m - ln s - 2 softplus(m), times the step 2 / 255.
        NDArray density = middle.sub(logScales).sub(TorchOps.times(softplus(middle), 2)).add((float) Math.log(2 * HALF_STEP));
        NDArray inner = NDArrays.where(difference.gt(LEAST_PROBABILITY), TorchOps.atLeast(difference, 1e-12).log(), density);
        NDArray isLowest = x.lt(-EDGE).broadcast(inner.getShape());
        NDArray isHighest = x.gt(EDGE).broadcast(inner.getShape());
        // ln σ(a) = a - softplus(a);  ln (1 - σ(b)) = -softplus(b).
        NDArray edged = NDArrays.where(isLowest, above.sub(softplus(above)), NDArrays.where(isHighest, softplus(below).neg(), inner));
        NDArray byComponent = edged.sum(new int[] {1}).add(logits.logSoftmax(1));
        NDArray greatest = byComponent.max(new int[] {1}, true);
        NDArray byPixel = byComponent.sub(greatest).exp().sum(new int[] {1}).log().add(greatest.squeeze(1));
        return byPixel.reshape(pictures.getShape().get(0), -1).sum(new int[] {1});
    }

    /** The expected picture, each colour given the expected ones before it: (batch, 3, height, width) in [-1, 1]. */
    public NDArray mean() {
        NDArray weights = logits.softmax(1);
        NDArray red = weighted(part(means, 0), weights);
        NDArray green = weighted(part(means, 1).add(part(coefficients, 0).mul(red)), weights);
        NDArray blue = weighted(part(means, 2).add(part(coefficients, 1).mul(red)).add(part(coefficients, 2).mul(green)), weights);
        return red.concat(green, 1).concat(blue, 1);
    }

    private static NDArray weighted(NDArray values, NDArray weights) {
        return values.mul(weights).sum(new int[] {1}, true).clip(-1, 1);
    }

    /** μ of each colour given those before it, (batch, 3, K, height, width). */
    private NDArray centres(NDArray red, NDArray green) {
        NDArray first = part(means, 0);
        NDArray second = part(means, 1).add(part(coefficients, 0).mul(red));
        NDArray third = part(means, 2).add(part(coefficients, 1).mul(red)).add(part(coefficients, 2).mul(green));
        return NDArrays.stack(new NDList(first, second, third), 1);
    }

    /** One colour of the mixture: (batch, K, height, width). */
    private static NDArray part(NDArray all, int colour) {
        return all.get(":, " + colour);
    }

    /** One colour of pictures (batch, 3, 1, height, width): (batch, 1, height, width). */
    private static NDArray colour(NDArray x, int colour) {
        return x.get(":, " + colour);
    }

    private static NDArray sigmoid(NDArray x) {
        return Activation.sigmoid(x);
    }

    private static NDArray softplus(NDArray x) {
        return Activation.softPlus(x);
    }
}
