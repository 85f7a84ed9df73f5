package worldmodels.rl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.function.Supplier;
import worldmodels.env.Environment;
import worldmodels.nn.Adam;
import worldmodels.nn.Gradients;
import worldmodels.nn.Layers.Mlp;
import worldmodels.nn.Noise;
import worldmodels.nn.Parameters;
import worldmodels.nn.Seeds;
import worldmodels.nn.Terms;
import worldmodels.nn.TorchOps;
import worldmodels.random.Pcg64;
import worldmodels.run.Settings.Section;

/**
 * Twin delayed DDPG (Fujimoto et al. 2018, arXiv 1802.09477, algorithm 1). It adds three things to {@link Ddpg}, against values that are too high: two critics of
 * which the lower one is believed, noise on the target's action, and an actor that follows its critics every d-th update.
 *
 * <pre>
 *   act        a = μ(s) + σ ε, clipped to [-1, 1]
 *   critics    L(Q) = Σᵢ mean (Qᵢ(s, a) - y)²        y = r + γ minᵢ Qᵢ'(s', a')        y = r where the task ended
 *              a' = μ'(s') + clip(σ' ε, -c, c), clipped to [-1, 1]
 *   actor      L(μ) = -mean Q₁(s, μ(s))                                              every d-th update
 *   targets    θ' = θ' + τ (θ - θ')                                                 then too
 * </pre>
 */
public final class Td3 extends OffPolicy {

    static final String KIND = "TD3";

    /**
     * Settings. The paper's are 0.1, 0.2, 0.5, 2.
     *
     * @param noise       σ of what is added to an action while it learns, in units of half the action's range
     * @param targetNoise σ' of what is added to the target's action
     * @param targetClip  c: the most that is added to it
     * @param delay       d: critics' updates for one of the actor
     */
    @Section("rl")
    public record Settings(Learning learning, double noise, double targetNoise, double targetClip, int delay) {

        /** @throws worldmodels.run.KitException if a noise is below 0 or the delay below 1 */
        public Settings {
            Learning.require(noise >= 0 && targetNoise >= 0 && targetClip >= 0, "noise of " + noise + ", " + targetNoise + " and at most " + targetClip,
                    "none may be below 0");
            Learning.require(delay >= 1, "an actor that follows every " + delay + " updates", "it must be at least 1");
        }
    }

    private final Settings settings;

    // Networks
    private final Parameters actorWeights = parameters();
    private final Parameters criticWeights = parameters();
    private final Parameters targetActorWeights = parameters();
    private final Parameters targetCriticWeights = parameters();
    private final Mlp actor = network(actorWeights, Actor.NAME, actions());
    private final Mlp critic1 = critic(criticWeights, "critic1");
    private final Mlp critic2 = critic(criticWeights, "critic2");
    private final Mlp judge = critic1.frozen();
    private final Mlp targetActor = network(targetActorWeights, TARGET + "actor", actions());
    private final Mlp targetCritic1 = critic(targetCriticWeights, TARGET + "critic1");
    private final Mlp targetCritic2 = critic(targetCriticWeights, TARGET + "critic2");
    private final Adam actorAdam = adam("actor", actorWeights);
    private final Adam criticAdam = adam("critics", criticWeights);

    /**
     * @param parent       whose device is used
     * @param environments makes the environment that is learned in, and one for test episodes
     * @param seed         of first weights, episodes and all noise
     * @throws worldmodels.run.KitException if the environment shows pictures, has no bounds or no goals for hindsight, or the replay takes too much memory
     */
    public Td3(NDManager parent, Supplier<? extends Environment> environments, Settings settings, long seed) {
        super(parent, environments, 1, settings.learning, settings, seed);
        this.settings = settings;
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
        return Ddpg.noisy(actor().act(observation), settings.noise, random);
    }

    // Update
    @Override
    Terms improve(Batch batch, long step, Terms terms) {
        terms = descend(() -> criticLoss(batch, step), criticAdam, Terms.LOSS, terms);
        if (step % settings.delay == 0) {
            terms = descend(() -> actorLoss(batch), actorAdam, ACTOR, terms);
            follow(settings.learning.polyak());
        }
        return terms;
    }

    NDArray criticLoss(Batch batch, long step) {
        NDArray wanted = wanted(batch, step);
        return error(critic1.apply(batch.pairs()), wanted).add(error(critic2.apply(batch.pairs()), wanted));
    }

    /** y, (batch, 1). */
    private NDArray wanted(Batch batch, long step) {
        try (Gradients.Pause pause = Gradients.pause()) {
            NDArray sure = targetActor.apply(batch.next()).tanh();
            NDArray noise = TorchOps.times(Noise.normal(sure.getManager(), sure.getShape(), Seeds.named(seed, "rl target noise", step)), settings.targetNoise);
            NDArray action = sure.add(noise.clip(-settings.targetClip, settings.targetClip)).clip(-1, 1);
            NDArray pairs = batch.next().concat(action, 1);
            return batch.backup(targetCritic1.apply(pairs).minimum(targetCritic2.apply(pairs)));
        }
    }

    NDArray actorLoss(Batch batch) {
        NDArray action = actor.apply(batch.observations()).tanh();
        return judge.apply(batch.observations().concat(action, 1)).mean().neg();
    }

    // Target networks
    private void follow(double rate) {
        targetActorWeights.follow(actorWeights, rate);
        targetCriticWeights.follow(criticWeights, rate);
    }
}
