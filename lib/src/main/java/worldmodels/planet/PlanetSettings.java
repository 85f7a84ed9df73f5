package worldmodels.planet;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a model is trained.
 *
 * @param batch        sequences per update, 50 in the paper
 * @param chunk        steps of each, 50
 * @param learningRate of Adam, 1e-3
 * @param epsilon      of Adam, 1e-4
 * @param clip         bound of the gradients' common norm, 1000
 * @param freeNats     divergence that costs nothing, 3
 * @param imageLoss    weight of the pictures
 * @param rewardScale  weight of the rewards
 * @param depth        of the pixels
 * @param overshooting predictions over several steps; the authors' code trains without
 * @param seed         of the batches and of all noise
 */
public record PlanetSettings(int batch, int chunk, double learningRate, double epsilon, double clip, double freeNats, ImageLoss imageLoss,
        RewardScale rewardScale, PixelDepth depth, Overshooting overshooting, long seed) {

    /** The authors' values. */
    public static PlanetSettings authors(long seed) {
        return new PlanetSettings(50, 50, 1e-3, 1e-4, 1000, 3, ImageLoss.LOG_LIKELIHOOD, RewardScale.TEN_LOG_LIKELIHOODS, PixelDepth.FIVE_BITS,
                Overshooting.NONE, seed);
    }

    /** The same with batches of another size. */
    public PlanetSettings withBatches(int batch, int chunk) {
        return new PlanetSettings(batch, chunk, learningRate, epsilon, clip, freeNats, imageLoss, rewardScale, depth, overshooting, seed);
    }

    /** The same with or without predictions over several steps. */
    public PlanetSettings with(Overshooting overshooting) {
        return new PlanetSettings(batch, chunk, learningRate, epsilon, clip, freeNats, imageLoss, rewardScale, depth, overshooting, seed);
    }

    /** The same with another learning rate. */
    public PlanetSettings withLearningRate(double rate) {
        return new PlanetSettings(batch, chunk, rate, epsilon, clip, freeNats, imageLoss, rewardScale, depth, overshooting, seed);
    }

    /** For a checkpoint's text. */
    Map<String, String> text() {
        Map<String, String> text = new LinkedHashMap<>();
        text.put("batch", String.valueOf(batch));
        text.put("chunk", String.valueOf(chunk));
        text.put("learningRate", String.valueOf(learningRate));
        text.put("epsilon", String.valueOf(epsilon));
        text.put("clip", String.valueOf(clip));
        text.put("freeNats", String.valueOf(freeNats));
        text.put("imageLoss", imageLoss.name());
        text.put("rewardScale", rewardScale.name());
        text.put("depth", depth.name());
        text.put("overshooting", overshooting.weights().toString());
        text.put("seed", String.valueOf(seed));
        return text;
    }
}
