package worldmodels.evaluation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;

/**
 * How like a picture its reconstruction is, averaged over a batch.
 *
 * @param psnr peak signal to noise ratio in decibels, 10 log10(255² / mean squared error), of each picture; infinite for an exact one
 * @param ssim structural similarity (Wang et al. 2004), at most 1: per channel in windows of 11 x 11 under a Gaussian of deviation 1.5, where
 *             the window lies inside the picture, averaged over windows and channels
 */
public record PictureQuality(double psnr, double ssim) {

    private static final int WINDOW = 11;
    private static final double DEVIATION = 1.5;
    private static final double PEAK = 255;
    private static final double C1 = Math.pow(0.01 * PEAK, 2);
    private static final double C2 = Math.pow(0.03 * PEAK, 2);

    /**
     * @param pictures        uint8 (batch, height, width, 3)
     * @param reconstructions the same; what a decoder gives is rounded to bytes first, as a picture file would hold it
     */
    public static PictureQuality of(NDArray pictures, NDArray reconstructions) {
        try (NDManager scope = pictures.getManager().newSubManager()) {
            NDArray x = planes(pictures);
            NDArray y = planes(reconstructions);
            x.attach(scope);
            y.attach(scope);
            long batch = pictures.getShape().get(0);
            double psnr = 0;
            for (float error : x.sub(y).square().reshape(batch, -1).mean(new int[] {1}).toFloatArray()) {
                psnr += 10 * Math.log10(PEAK * PEAK / error) / batch;
            }
            return new PictureQuality(psnr, similarity(x, y));
        }
    }

    private static double similarity(NDArray x, NDArray y) {
        NDArray window = window(x.getManager());
        NDArray meanX = blurred(x, window);
        NDArray meanY = blurred(y, window);
        NDArray varianceX = blurred(x.square(), window).sub(meanX.square());
        NDArray varianceY = blurred(y.square(), window).sub(meanY.square());
        NDArray covariance = blurred(x.mul(y), window).sub(meanX.mul(meanY));
        NDArray above = meanX.mul(meanY).mul(2).add(C1).mul(covariance.mul(2).add(C2));
        NDArray below = meanX.square().add(meanY.square()).add(C1).mul(varianceX.add(varianceY).add(C2));
        return above.div(below).mean().toFloatArray()[0];
    }

    private static NDArray blurred(NDArray x, NDArray window) {
        return Conv2d.conv2d(x, window).singletonOrThrow();
    }

    /** @return (1, 1, 11, 11), sum 1 */
    private static NDArray window(NDManager manager) {
        double[] line = new double[WINDOW];
        double sum = 0;
        for (int i = 0; i < WINDOW; i++) {
            line[i] = Math.exp(-Math.pow(i - WINDOW / 2, 2) / (2 * DEVIATION * DEVIATION));
            sum += line[i];
        }
        float[] square = new float[WINDOW * WINDOW];
        for (int i = 0; i < square.length; i++) {
            square[i] = (float) (line[i / WINDOW] * line[i % WINDOW] / (sum * sum));
        }
        return manager.create(square, new Shape(1, 1, WINDOW, WINDOW));
    }

    /** Each channel as a picture of its own: float32 (3 batch, 1, height, width). */
    private static NDArray planes(NDArray pictures) {
        Shape s = pictures.getShape();
        return pictures.transpose(0, 3, 1, 2).toType(DataType.FLOAT32, true).reshape(s.get(0) * 3, 1, s.get(1), s.get(2));
    }
}
