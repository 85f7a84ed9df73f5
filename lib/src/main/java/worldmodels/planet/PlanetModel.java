package worldmodels.planet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import worldmodels.nn.Checkpoint;
import worldmodels.nn.Layers;
import worldmodels.nn.Parameters;

/**
 * PlaNet's model: encoder, latent dynamics, image decoder and reward network, trained together.
 *
 * <pre>
 *   o_t -encoder-> e_t ─┐                 ┌─decoder-> ô_t
 *   a_t-1 ────────> dynamics -> [h_t s_t] ┤
 *   [h_t-1 s_t-1] ──────┘                 └─reward--> r̂_t
 * </pre>
 *
 * Threads may share a model for acting; each has states of its own.
 */
public final class PlanetModel implements AutoCloseable {

    static final String KIND = "PlanetModel";

    private final PlanetShape shape;
    private final Parameters parameters;
    private final ImageEncoder encoder;
    private final LatentDynamics dynamics;
    private final ImageDecoder decoder;
    private final Layers.Mlp reward;

    /** A model whose first weights are {@link FirstWeights#PLAIN}. */
    public PlanetModel(NDManager parent, PlanetShape shape, long seed) {
        this(parent, shape, FirstWeights.PLAIN, seed);
    }

    /** @param seed of the first weights; the same seed gives the same model */
    public PlanetModel(NDManager parent, PlanetShape shape, FirstWeights first, long seed) {
        this.shape = shape;
        this.parameters = new Parameters(parent);
        this.encoder = new ImageEncoder(parameters, shape.sizes().channels(), seed);
        this.dynamics = shape.dynamics().create(parameters, shape.latent(), first, seed);
        this.decoder = new ImageDecoder(parameters, dynamics.features(), shape.sizes().channels(), seed);
        this.reward = new Layers(parameters, seed).in("reward").mlp(dynamics.features(), shape.sizes().rewardLayers(), shape.sizes().rewardHidden(), 1);
    }

    /**
     * The model of a file that {@link #save} or a {@link PlanetLearner} wrote.
     *
     * @throws worldmodels.run.KitException if the file is missing, damaged or another model's
     */
    public static PlanetModel load(NDManager parent, Path file) {
        Checkpoint checkpoint = Checkpoint.read(file, KIND, PlanetLearner.KIND);
        PlanetModel model = new PlanetModel(parent, PlanetShape.parse(checkpoint.text()), 0);
        checkpoint.copyInto(model.parameters);
        return model;
    }

    /** Another model of the same weights; it ends with this one. */
    PlanetModel copy() {
        PlanetModel copy = new PlanetModel(parameters.manager(), shape, 0);
        parameters.named().forEach(copy.parameters::set);
        return copy;
    }

    /** Writes the weights alone. */
    public void save(Path file) {
        Checkpoint.write(file, KIND, shape.text(), parameters.named());
    }

    public PlanetShape shape() {
        return shape;
    }

    /** The weights, named {@code encoder.*}, {@code dynamics.*}, {@code decoder.*}, {@code reward.*}. */
    public Parameters parameters() {
        return parameters;
    }

    public LatentDynamics dynamics() {
        return dynamics;
    }

    /** @param pixels (rows, 3, 64, 64), centred as {@link PixelDepth} does; @return (rows, embedding) */
    public NDArray encode(NDArray pixels) {
        return encoder.encode(pixels);
    }

    /** @param features (rows, features); @return (rows, 3, 64, 64), centred */
    public NDArray decode(NDArray features) {
        return decoder.decode(features);
    }

    /** The mean of p(r | h, s) = N(predicted, 1). @param features (rows, features); @return the expected reward of the step that led there, (rows) */
    public NDArray reward(NDArray features) {
        return reward.apply(features).reshape(-1);
    }

    @Override
    public void close() {
        parameters.close();
    }
}
