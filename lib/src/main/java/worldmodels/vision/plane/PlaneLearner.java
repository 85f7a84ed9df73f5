package worldmodels.vision.plane;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.Map;
import worldmodels.nn.Checkpoint;
import worldmodels.nn.Compute;
import worldmodels.nn.Gradients;
import worldmodels.nn.Layers;
import worldmodels.nn.Layers.Mlp;
import worldmodels.nn.Learner;
import worldmodels.nn.Noise;
import worldmodels.nn.Normal;
import worldmodels.nn.Optimiser;
import worldmodels.nn.Parameters;
import worldmodels.nn.Seeds;
import worldmodels.nn.Terms;
import worldmodels.nn.TorchOps;
import worldmodels.run.Settings;

/**
 * A generator of points and its critic, which learn by turns. A step is one of the generator, after those of its critic:
 *
 * <pre>
 * y = G(z), z ~ N(0, 1)                the critic learns from x and y        {@link Critic}
 * G makes small                        what the critic asks for G(z)
 *
 * with a VAE, G is its decoder, z one number:
 * the encoder makes small              |x - G(z)|² / (2 s²) + KL(q(z|x) ‖ N(0, 1))
 * the decoder makes small              γ |x - G(z)|² / (2 s²) + what the critic asks for G(z_p), z_p ~ N(0, 1)
 * </pre>
 */
public final class PlaneLearner implements Learner {

    /** The term that is the critic's estimate; {@link PlaneMethod#measuresDistance} tells whether of a distance. */
    public static final String SAYS = "the critic says";

    /** What is looked at now and then. */
    @FunctionalInterface
    public interface Look {

        /** @return measured terms, by the names that they are to have in the curves */
        Terms at(long step, PlaneLearner learner);
    }

    private static final int MEAN_AND_LOG_VARIANCE = 2;
    private static final float LOG_VARIANCE_BOUND = 30;

    private final PlaneData data;
    private final PlaneMethod method;
    private final PlaneSettings settings;
    private final long seed;
    private final Look look;
    private final NDManager manager = Compute.newManager();
    private final int latent;
    private final Parameters parameters = new Parameters(manager);
    /** The VAE's; null for the others. */
    private final Mlp encoder;
    private final Mlp generator;
    private final Optimiser optimiser;
    private final Critic critic;

    public PlaneLearner(PlaneData data, PlaneMethod method, PlaneSettings settings, long seed, Look look) {
        this.data = data;
        this.method = method;
        this.settings = settings;
        this.seed = seed;
        this.look = look;
        boolean isVae = method == PlaneMethod.VAE_WGAN;
        latent = isVae ? 1 : settings.noise();
        Layers layers = new Layers(parameters, seed);
        encoder = isVae ? layers.in("encoder").mlp(2, PlaneSettings.HIDDEN_LAYERS, settings.width(), (long) MEAN_AND_LOG_VARIANCE * latent) : null;
        generator = layers.in("generator").mlp(latent, PlaneSettings.HIDDEN_LAYERS, settings.width(), 2);
        critic = new Critic(manager, method, settings, seed);
        optimiser = Critic.adam(parameters, settings).of("generator");
    }

    @Override
    public String work() {
        return method.label() + " on " + data.label();
    }

    @Override
    public String kind() {
        return "PlaneModel";
    }

    @Override
    public Map<String, String> settings() {
        Map<String, String> all = new LinkedHashMap<>(Settings.text(settings));
        all.put("data", data.name());
        all.put("method", method.name());
        all.put("seed", "" + seed);
        return all;
    }

    @Override
    public Terms update(long step) {
        float says = 0;
        int turns = method.criticSteps(settings);
        for (int turn = 0; turn < turns; turn++) {
            long index = step * turns + turn;
            try (NDManager scope = manager.newSubManager()) {
                NDArray y;
                try (Gradients.Pause pause = Gradients.pause()) {
                    y = generator.apply(noise(scope, settings.batch(), Seeds.named(seed, "critic's noise", index)));
                }
                says = critic.learn(data(scope, "critic's data", index), y, Seeds.named(seed, "between", index));
            }
        }
        try (NDManager scope = manager.newSubManager(); Gradients.Tape tape = Gradients.record()) {
            NDArray price = critic.price(generator.apply(noise(scope, settings.batch(), Seeds.named(seed, "noise", step))));
            NDArray loss = encoder == null ? price : likelihoodAndPrior(scope, step).add(TorchOps.times(price, 1 / settings.gamma()));
            Terms terms = Terms.of(SAYS, says).loss(loss.toFloatArray()[0]);
            tape.backward(loss);
            optimiser.step();
            return terms;
        }
    }

    /** The VAE's own two terms, per point; a scalar. */
    private NDArray likelihoodAndPrior(NDManager scope, long step) {
        NDArray x = data(scope, "data", step);
        NDArray heads = encoder.apply(x);
        Normal posterior = Normal.ofLogVariance(heads.get(":, 0:1"), heads.get(":, 1:2").clip(-LOG_VARIANCE_BOUND, LOG_VARIANCE_BOUND));
        NDArray drawn = generator.apply(posterior.sample(noise(scope, settings.batch(), Seeds.named(seed, "posterior noise", step))));
        double scale = 1 / (2.0 * settings.deviation() * settings.deviation() * settings.batch());
        return TorchOps.times(drawn.sub(x).square().sum(), scale).add(posterior.divergence().mean());
    }

    private NDArray data(NDManager scope, String name, long index) {
        return scope.create(data.points(settings.batch(), Seeds.named(seed, name, index)), new Shape(settings.batch(), 2));
    }

    private NDArray noise(NDManager scope, int count, long from) {
        return Noise.normal(scope, new Shape(count, latent), from);
    }

    @Override
    public Terms measure(long step, Terms means) {
        return look.at(step, this);
    }

    /** @return (count, 2), row by row: the same z whenever it is asked, so that points can be followed as they move */
    public float[] samples(int count) {
        try (NDManager scope = manager.newSubManager(); Gradients.Pause pause = Gradients.pause()) {
            return generator.apply(noise(scope, count, Seeds.named(seed, "shown noise"))).toFloatArray();
        }
    }

    /** @param points (count, 2), row by row; @return the critic's f at each: high where it takes points for data */
    public float[] landscape(float[] points) {
        try (NDManager scope = manager.newSubManager(); Gradients.Pause pause = Gradients.pause()) {
            return critic.network().apply(scope.create(points, new Shape(points.length / 2, 2))).toFloatArray();
        }
    }

    @Override
    public void save(Checkpoint.Draft draft) {
        draft.put(parameters).put(critic.parameters()).put(optimiser).put(critic.optimiser());
    }

    @Override
    public void restore(Checkpoint found) {
        found.copyInto(parameters);
        found.copyInto(critic.parameters());
        optimiser.restore(found);
        critic.optimiser().restore(found);
    }

    @Override
    public void close() {
        optimiser.close();
        critic.close();
        manager.close();
    }
}
