package worldmodels.vision;

import ai.djl.ndarray.NDArray;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import worldmodels.nn.Checkpoint;
import worldmodels.run.KitException;
import worldmodels.run.Settings;

/** The negative evidence lower bound of an {@link Objective} while a model learns; what moves with it is saved. */
final class Bound {

    private final Objective objective;
    private final Optional<PixelVariance> variance;
    private final Optional<Rate> rate;
    private final long steps;

    /**
     * @param model gets a {@link PixelVariance} where the likelihood has one
     * @param steps of the training, for the warm-up
     * @throws KitException if its decoder does not say what the likelihood needs
     */
    Bound(Objective objective, VisionModel model, long steps) {
        this.objective = objective;
        this.steps = steps;
        if (objective.logistics() != model.mixtures()) {
            throw new KitException(model.kind() + " cannot be trained under objective.likelihood = " + objective.likelihood() + ": its decoder says "
                    + (model.mixtures() == 0 ? "a picture" : model.mixtures() + " logistics per pixel") + "; take "
                    + (model.mixtures() == 0 ? Objective.Likelihood.GAUSSIAN : Objective.Likelihood.LOGISTICS) + ".");
        }
        variance = objective.likelihood() == Objective.Likelihood.GAUSSIAN ? Optional.of(PixelVariance.given(model)) : Optional.empty();
        rate = objective.rate() > 0 ? Optional.of(new Rate(objective.rate())) : Optional.empty();
    }

    /** What a resumed training must share; the steps, since the warm-up is a share of them. */
    SortedMap<String, String> text() {
        SortedMap<String, String> text = new TreeMap<>(Settings.text(objective));
        text.put("steps", "" + steps);
        return text;
    }

    /** Steps until β = 1. */
    long warmUpSteps() {
        return Math.round(objective.warmUp() * steps);
    }

    /**
     * -ln P of a training batch's pictures; a variance learns from it.
     *
     * @param said by the model's own loss: squared error, or -ln P of mixtures
     */
    NDArray learned(NDArray said) {
        return variance.map(known -> known.learn(said)).orElse(said);
    }

    /** -ln P of pictures that are never learned from. */
    NDArray measured(NDArray said) {
        return variance.map(known -> known.nats(said)).orElse(said);
    }

    /**
     * β of z.
     *
     * @param otherwise   where no rate is wanted
     * @param divergence  of z in this batch
     */
    double price(double otherwise, NDArray divergence) {
        return rate.map(wanted -> wanted.price(divergence.toFloatArray()[0])).orElse(otherwise);
    }

    /**
     * What it comes to in bits per colour of a pixel.
     *
     * @param loss with squared error or -ln P of mixtures, and no free nats
     */
    static OptionalDouble bits(VisionModel model, VisionLearner.Loss loss) {
        Optional<PixelVariance> variance = PixelVariance.of(model);
        if (model.mixtures() == 0 && variance.isEmpty()) {
            return OptionalDouble.empty();
        }
        double nats = variance.map(known -> known.nats(loss.reconstruction())).orElse(loss.reconstruction()).toFloatArray()[0];
        for (NDArray divergence : loss.divergences()) {
            nats += divergence.toFloatArray()[0];
        }
        return OptionalDouble.of(bits(nats));
    }

    /** @param nats of a picture */
    static double bits(double nats) {
        return nats / (ConvVae.FRAME_BYTES * Math.log(2));
    }

    void save(Checkpoint.Draft draft) {
        rate.ifPresent(wanted -> wanted.save(draft));
    }

    void restore(Checkpoint found) {
        rate.ifPresent(wanted -> wanted.restore(found));
    }
}
