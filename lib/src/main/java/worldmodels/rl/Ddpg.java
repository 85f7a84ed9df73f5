package worldmodels.rl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.function.Supplier;
import worldmodels.env.Environment;
import worldmodels.nn.Adam;
import worldmodels.nn.Gradients;
import worldmodels.nn.Layers.Mlp;
import worldmodels.nn.Parameters;
import worldmodels.nn.Terms;
import worldmodels.random.Pcg64;
import worldmodels.run.Settings.Section;

/**
 * Deep deterministic policy gradient (Lillicrap et al. 2016, arXiv 1509.02971, algorithm 1): an actor μ climbs what a critic Q believes, and the critic
 * believes the reward and what its slow copy Q' says of the action that the actor's slow copy μ' would take next.
 *
 * <pre>
 *   act        a = μ(s) + σ ε, clipped to [-1, 1]
 *   critic     L(Q) = mean (Q(s, a) - y)²        y = r + γ Q'(s', μ'(s'))        y = r where the task ended, not where the episode was cut off
 *   actor      L(μ) = -mean Q(s, μ(s))
 *   targets    θ' = θ' + τ (θ - θ')
 * </pre>
 *
 * <p>As is usual today the noise is normal and independent, where the paper's is an Ornstein-Uhlenbeck process, and there is no weight decay.
 */
public final class Ddpg extends OffPolicy {

    static final String KIND = "DDPG";

    /**
     * Settings.
     *
     * @param noise σ of what is added to an action while it learns, in units of half the action's range; 0.1 is usual
     */
    @Section("rl")
    public record Settings(Learning learning, double noise) {

        /** @throws worldmodels.run.KitException if the noise is below 0 */
        public Settings {
            Learning.require(noise >= 0, "noise of " + noise, "it must be at least 0");
        }
    }

    private final Settings settings;

    // Networks
    private final Parameters actorWeights = parameters();
    private final Parameters criticWeights = parameters();
    private final Parameters targetActorWeights = parameters();
    private final Parameters targetCriticWeights = parameters();
    private final Mlp actor = network(actorWeights, Actor.NAME, actions());
    private final Mlp critic = critic(criticWeights, "critic");
    private final Mlp judge = critic.frozen();
    private final Mlp targetActor = network(targetActorWeights, TARGET + "actor", actions());
    private final Mlp targetCritic = critic(targetCriticWeights, TARGET + "critic");
    private final Adam actorAdam = adam("actor", actorWeights);
    private final Adam criticAdam = adam("critic", criticWeights);

    /**
     * @param parent       whose device is used
     * @param environments makes the environment that is learned in, and one for test episodes
     * @param seed         of first weights, episodes and all noise
     * @throws worldmodels.run.KitException if the environment shows pictures, has no bounds or no goals for hindsight, or the replay takes too much memory
     */
    public Ddpg(NDManager parent, Supplier<? extends Environment> environments, Settings settings, long seed) {
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
        return critic.apply(pairs);
    }

    // Act
    @Override
    float[] explore(float[] observation, Pcg64 random) {
        return noisy(actor().act(observation), settings.noise, random);
    }

    /** a + σ ε, clipped. */
    static float[] noisy(float[] action, double noise, Pcg64 random) {
        for (int i = 0; i < action.length; i++) {
            action[i] = (float) Math.clamp(action[i] + noise * random.standardNormal(), -1, 1);
        }
        return action;
    }

    // Update
    @Override
    Terms improve(Batch batch, long step, Terms terms) {
        terms = descend(() -> criticLoss(batch), criticAdam, Terms.LOSS, terms);
        terms = descend(() -> actorLoss(batch), actorAdam, ACTOR, terms);
        follow(settings.learning.polyak());
        return terms;
    }

    NDArray criticLoss(Batch batch) {
        return error(critic.apply(batch.pairs()), wanted(batch));
    }

    /** y, (batch, 1). */
    private NDArray wanted(Batch batch) {
        try (Gradients.Pause pause = Gradients.pause()) {
            NDArray action = targetActor.apply(batch.next()).tanh();
            return batch.backup(targetCritic.apply(batch.next().concat(action, 1)));
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
