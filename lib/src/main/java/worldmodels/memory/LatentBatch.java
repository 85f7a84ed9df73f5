package worldmodels.memory;

/**
 * Sequences that M learns from, time first: {@code steps + 1} frames of {@code batch} episodes, of which the first {@code steps} go in and
 * the last {@code steps} are to be predicted. Arrays are row-major.
 *
 * @param steps       T
 * @param batch       B
 * @param mean        μ of each frame, (T + 1, B, latent)
 * @param logVariance ln σ² of each frame, (T + 1, B, latent)
 * @param action      taken at each frame that goes in, (T, B, actions)
 * @param reward      that followed, (T, B)
 * @param end         1 where the episode ended with it, else 0, (T, B)
 * @param weight      1 where there is a next frame to predict, else 0, (T, B)
 * @param headWeight  1 where there is a step, which may end the episode and so have no next frame, else 0, (T, B)
 */
public record LatentBatch(int steps, int batch, float[] mean, float[] logVariance, float[] action, float[] reward, float[] end,
        float[] weight, float[] headWeight) {

    /** How many frames are to be predicted. */
    public double weightSum() {
        return sum(weight);
    }

    /** How many rewards and ends are to be predicted. */
    public double headWeightSum() {
        return sum(headWeight);
    }

    private static double sum(float[] weights) {
        double sum = 0;
        for (float w : weights) {
            sum += w;
        }
        return sum;
    }
}
