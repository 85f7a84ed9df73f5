package worldmodels.vision;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Optional;
import worldmodels.nn.Parameters;
import worldmodels.nn.TorchOps;

/**
 * One variance for all pixels and colours, learned with the model (Rybkin et al. 2021, "Simple and effective VAE training with calibrated
 * decoders", section 3). With D numbers x in [0, 1], and e their squared error summed over a picture,
 *
 * <pre>
 * -ln p(x | z) = D/2 ln(2π σ²) + e / (2 σ²)        least at σ² = e / D, where it is D/2 (ln(2π e / D) + 1)
 * </pre>
 *
 * In training σ² is each batch's own best, in closed form; what was best of late is kept with the model, and measures what it has not learned from.
 * A picture's numbers are multiples of 1/255, of which ln P is ln p - D ln 255: a number of nats that compares with a mixture of logistics.
 */
final class PixelVariance {

    static final String NAME = "pixelVariance";
    private static final int SIZE = ConvVae.FRAME_BYTES;
    /** σ is held at e^-6, two thirds of a grey level; no frame is met so closely. */
    private static final double LEAST = Math.exp(-12);
    /** Share of the newest batch in what is kept. */
    private static final float NEWEST = 0.01f;
    private static final double STEPS = SIZE * Math.log(255);

    private final Parameters parameters;
    private final NDArray kept;

    private PixelVariance(Parameters parameters, NDArray kept) {
        this.parameters = parameters;
        this.kept = kept;
    }

    /** That of a model that has one. */
    static Optional<PixelVariance> of(VisionModel model) {
        Parameters parameters = model.parameters();
        return Optional.ofNullable(parameters.named().get(NAME)).map(kept -> new PixelVariance(parameters, kept));
    }

    /** From now on the model has one, unknown until it learns. */
    static PixelVariance given(VisionModel model) {
        Parameters parameters = model.parameters();
        return of(model).orElseGet(() -> new PixelVariance(parameters, parameters.keep(NAME, parameters.manager().zeros(new Shape()))));
    }

    /** σ², of late. */
    double value() {
        return kept.toFloatArray()[0];
    }

    /**
     * With the batch's own variance, which is kept in mind.
     *
     * @param error squared error of a picture, averaged over the batch; a scalar
     * @return -ln P of a picture, a scalar
     */
    NDArray learn(NDArray error) {
        NDArray variance = TorchOps.atLeast(TorchOps.times(error, 1.0 / SIZE), LEAST);
        float own = variance.toFloatArray()[0];
        float before = (float) value();
        try (NDArray now = parameters.manager().create(before == 0 ? own : before + NEWEST * (own - before))) {
            parameters.set(NAME, now);
        }
        return TorchOps.times(variance.log(), SIZE / 2.0).add((float) (SIZE / 2.0 * (Math.log(2 * Math.PI) + 1) + STEPS));
    }

    /** With the variance that is kept. */
    NDArray nats(NDArray error) {
        double variance = Math.max(value(), LEAST);
        return TorchOps.times(error, 0.5 / variance).add((float) (SIZE / 2.0 * Math.log(2 * Math.PI * variance) + STEPS));
    }
}
