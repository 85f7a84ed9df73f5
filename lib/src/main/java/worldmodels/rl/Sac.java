package worldmodels.rl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.function.Supplier;
import worldmodels.env.Environment;
import worldmodels.nn.Adam;
import worldmodels.nn.Gradients;
import worldmodels.nn.Layers;
import worldmodels.nn.Layers.Mlp;
import worldmodels.nn.Noise;
import worldmodels.nn.Parameters;
import worldmodels.nn.Seeds;
import worldmodels.nn.Terms;
import worldmodels.nn.TorchOps;
import worldmodels.random.Pcg64;
import worldmodels.run.Settings.Section;

/**
 * Soft actor-critic (Haarnoja et al. 2018b, arXiv 1812.05905, algorithm 1). Beside {@link Td3}'s twin critics it has an actor that is a distribution π, and
 * chance has a value of its own: α for each nat of entropy, where α goes up while there is less entropy than wanted and down while there is more.
 *
 * <pre>
 *   act          a ~ π(s), {@link GaussianPolicy}
 *   critics      L(Q) = Σᵢ mean (Qᵢ(s, a) - y)²        y = r + γ (minᵢ Qᵢ'(s', a') - α ln π(a' | s')), a' ~ π(s')        y = r where the task ended
 *   actor        L(π) = mean (α ln π(ã | s) - minᵢ Qᵢ(s, ã)), ã ~ π(s)
 *   temperature  L(α) = -ln α (mean ln π(ã | s) + H)        H = -(numbers of an action)
 *   targets      θ' = θ' + τ (θ - θ')
 * </pre>
 */
public final class Sac extends OffPolicy {

    static final String KIND = "SAC";

    private static final String TEMPERATURE = "temperature";

    /**
     * Settings.
     *
     * @param temperature α to begin with, above 0; 1 is usual
     */
    @Section("rl")
    public record Settings(Learning learning, double temperature) {

        /** @throws worldmodels.run.KitException if the temperature is not above 0 */
        public Settings {
            Learning.require(temperature > 0, "a temperature of " + temperature, "it must be above 0");
        }
    }

    private final Settings settings;

    // Networks
    private final Parameters actorWeights = parameters();
    private final Parameters criticWeights = parameters();
    private final Parameters targetWeights = parameters();
    private final Parameters temperatureWeight = parameters();
    private final Mlp actor = network(actorWeights, Actor.NAME, 2 * actions());
    private final Mlp critic1 = critic(criticWeights, "critic1");
    private final Mlp critic2 = critic(criticWeights, "critic2");
    private final Mlp judge1 = critic1.frozen();
    private final Mlp judge2 = critic2.frozen();
    private final Mlp target1 = critic(targetWeights, TARGET + "critic1");
    private final Mlp target2 = critic(targetWeights, TARGET + "critic2");
    private final NDArray logTemperature;
    private final Adam actorAdam = adam("actor", actorWeights);
    private final Adam criticAdam = adam("critics", criticWeights);
    private final Adam temperatureAdam;

    /**
     * @param parent       whose device is used
     * @param environments makes the environment that is learned in, and one for test episodes
     * @param seed         of first weights, episodes and all noise
     * @throws worldmodels.run.KitException if the environment shows pictures, has no bounds or no goals for hindsight, or the replay takes too much memory
     */
    public Sac(NDManager parent, Supplier<? extends Environment> environments, Settings settings, long seed) {
        super(parent, environments, 2, settings.learning, settings, seed);
        this.settings = settings;
        this.logTemperature = new Layers(temperatureWeight, seed).constant("logTemperature", (float) Math.log(settings.temperature), 1);
        this.temperatureAdam = adam(TEMPERATURE, temperatureWeight);
        follow(1);
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public NDArray output(NDArray observations) {
        return actor.apply(observations);
    }

    @Override
    public NDArray value(NDArray pairs) {
        return critic1.apply(pairs);
    }

    // Act
    @Override
    float[] explore(float[] observation, Pcg64 random) {
        float[] outputs = actor().outputs(observation);
        float[] action = new float[actions()];
        for (int i = 0; i < action.length; i++) {
            double deviation = Math.exp(Math.clamp(outputs[action.length + i], GaussianPolicy.LEAST, GaussianPolicy.MOST));
            action[i] = (float) StrictMath.tanh(outputs[i] + deviation * random.standardNormal());
        }
        return action;
    }

    // Update
    @Override
    Terms improve(Batch batch, long step, Terms terms) {
        terms = descend(() -> criticLoss(batch, step), criticAdam, Terms.LOSS, terms);
        try (Gradients.Tape tape = Gradients.record()) {
            GaussianPolicy.Drawn drawn = draw(batch.observations(), "sac actor noise", step);
            NDArray loss = actorLoss(batch, drawn);
            NDArray temperatureLoss = temperatureLoss(drawn);
            terms = terms.and(ACTOR, number(loss)).and(TEMPERATURE, temperature());
            tape.backward(loss.add(temperatureLoss));
            actorAdam.step();
            temperatureAdam.step();
        }
        follow(settings.learning.polyak());
        return terms;
    }

    NDArray criticLoss(Batch batch, long step) {
        NDArray wanted = wanted(batch, step);
        return error(critic1.apply(batch.pairs()), wanted).add(error(critic2.apply(batch.pairs()), wanted));
    }

    /** y, (batch, 1). */
    private NDArray wanted(Batch batch, long step) {
        try (Gradients.Pause pause = Gradients.pause()) {
            GaussianPolicy.Drawn drawn = draw(batch.next(), "sac target noise", step);
            NDArray pairs = batch.next().concat(drawn.action(), 1);
            return batch.backup(target1.apply(pairs).minimum(target2.apply(pairs)).sub(TorchOps.times(drawn.logProbability(), temperature())));
        }
    }

    NDArray actorLoss(Batch batch, GaussianPolicy.Drawn drawn) {
        NDArray pairs = batch.observations().concat(drawn.action(), 1);
        return TorchOps.times(drawn.logProbability(), temperature()).sub(judge1.apply(pairs).minimum(judge2.apply(pairs))).mean();
    }

    NDArray temperatureLoss(GaussianPolicy.Drawn drawn) {
        return drawn.logProbability().mean().sub(actions()).stopGradient().mul(logTemperature).neg();
    }

    private double temperature() {
        return Math.exp(number(logTemperature));
    }

    /** Actions that the policy draws at observations, and their probabilities. */
    GaussianPolicy.Drawn draw(NDArray observations, String noise, long step) {
        Shape shape = new Shape(observations.getShape().get(0), actions());
        return GaussianPolicy.of(actor.apply(observations)).draw(Noise.normal(observations.getManager(), shape, Seeds.named(seed, noise, step)));
    }

    // Target networks
    private void follow(double rate) {
        targetWeights.follow(criticWeights, rate);
    }
}
