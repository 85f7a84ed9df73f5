package worldmodels.rl;

import ai.djl.ndarray.NDManager;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import worldmodels.env.BatchedEnvironment;
import worldmodels.env.Space;
import worldmodels.nn.Adam;
import worldmodels.nn.Checkpoint;
import worldmodels.nn.Gradients;
import worldmodels.nn.Layers;
import worldmodels.nn.Learner;
import worldmodels.nn.Optimiser;
import worldmodels.nn.Parameters;
import worldmodels.nn.Seeds;
import worldmodels.nn.Terms;
import worldmodels.random.Pcg64;
import worldmodels.run.KitException;
import worldmodels.run.Settings;

/**
 * Proximal policy optimisation (Schulman et al. 2017, arXiv 1707.06347, algorithm 1): an actor π drives for a while; then it and a critic V go through what it
 * saw several times, and no decision's probability gains anything by moving farther than ε from what it was.
 *
 * <pre>
 *   act         x ~ π(s), in all lanes for a horizon
 *   store       s, x, r, and where episodes ended
 *   advantage   A, R from r and V, {@link Advantages}
 *   update      L = -mean min(ρ A, clip(ρ, 1 - ε, 1 + ε) A) - c H(π(s)) + v ½ mean (V(s) - R)²        ρ = π(x | s) / π_old(x | s)        equations 7 and 9
 *   log         the terms of the loss, and what tells of them: {@code kl} = mean (ρ - 1 - ln ρ), {@code clipped} the share of decisions beyond ε
 * </pre>
 *
 * <p>Its results hang on details, most of which the paper does not have. In the list of Huang et al. 2022 ("The 37 implementation details of proximal policy
 * optimization", ICLR blog track) the numbers in brackets; without one they are from elsewhere or the kit's.
 *
 * <ol>
 * <li>Several environments side by side, which go on where an update interrupted them [1]: {@link Lanes}.
 * <li>Orthogonal first weights of gain √2, 0.01 for the actor's last layer and 1 for the critic's, biases 0 [2]: {@link Network}.
 * <li>Adam's ε is 1e-5 [3].
 * <li>Its learning rate falls in a straight line to 0, if annealed [4].
 * <li>Generalised advantage estimation, values as they were before the update [5]: {@link Advantages}.
 * <li>Where an episode was cut off, the value of its last state stands for what would have followed (Pardo et al. 2018, arXiv 1712.00378); the list's code
 *     takes it for an end of the task.
 * <li>Minibatches: every epoch goes through all decisions once, in a new order [6].
 * <li>Advantages are normalised in each minibatch, with 1e-8 added to their deviation [7].
 * <li>The clipped objective [8].
 * <li>The critic's loss is clipped likewise, or is not ({@link ValueLoss}) [9].
 * <li>One loss, with an entropy bonus [10]; the gradients of both networks have one norm, which is bounded [11].
 * <li>Divergence and clipped share are logged [12]; an update stops after an epoch that went too far, if asked to [12, Schulman's estimate 3].
 * <li>Two networks that share nothing [13, 26].
 * <li>Continuous actions from independent distributions [23, 25]; what was drawn is stored, and only what is done is brought within the bounds [27]. Here ln σ
 *     depends on the state, as in the PPO report, where the list's is one number [24]; and there are others than the normal ({@link PolicyKind}).
 * <li>Observations less their running mean in running deviations [28], no farther than 10 from 0 [29], {@link RunningNormalisation}; pictures within [0, 1]
 *     [22]. The mean is that of before the update, so that what acted is what learns and ρ begins at 1.
 * <li>Rewards over the running deviation of the discounted return [30], {@link RewardScale}, those of this update included.
 * <li>and no farther than 10 from 0 [31].
 * </ol>
 *
 * Of the list's other details, those of Atari (14 to 21) are wrappers, and those of LSTMs and discrete actions (32 to 37) have no use here.
 *
 * <p>A step is one update. All that is random comes from the seed and the step's, the lane's or the episode's number, so that a training that was stopped and
 * resumed equals one that was not.
 *
 * <p>Terms: {@code loss}, its parts {@code policy}, {@code value} and {@code entropy}; {@code kl}, {@code clipped}, {@code epochs}, {@code gradient} (its norm
 * before it is bounded), {@code deviation} (of returns, where they are normalised); {@code return} is that of episodes that ended, and in validation of
 * the test episodes without chance; {@code success} the share of these that ended with their goals achieved, where the task has goals.
 */
public final class Ppo implements Learner {

    static final String KIND = "PPO";
    static final String OBSERVATION = "observation";
    static final String ACTION = "action";
    static final String NETWORK = "network";

    /** The term of episodes that ended; in validation, of the test episodes. */
    public static final String RETURN = "return";
    /** The term of the test episodes that ended with their goals achieved, in a task with goals; validation only. */
    public static final String SUCCESS = "success";
    /** The term of the policy's entropy, in nats, mean over decisions. */
    public static final String ENTROPY = "entropy";

    /** So many nats between two policies of one update are no update. */
    private static final double FARTHEST = 20;
    private static final float ADAM_EPSILON = 1e-5f;

    private final PpoSettings settings;
    private final NetworkShape shape;
    private final long updates;
    private final long seed;
    private final Space observations;
    private final Space actions;
    private final Optional<PpoTests> tests;

    // Networks
    private final NDManager manager;
    private final Parameters parameters;
    private final Network actor;
    private final Network critic;
    private final Optimiser adam;

    // Act and store
    private final ActionDistribution distribution;
    private final PpoActor acting;
    private boolean isStale = true;
    private final PpoRollout rollout;

    // Update
    private final RewardScale rewardScale;
    private final PpoLoss loss;

    // Log
    private final ActionHistograms histograms;

    /**
     * @param parent       whose device is used
     * @param environments that are learned in; closed with this
     * @param episodes     the environment seed of an episode by its number
     * @param tests        closed with this; empty for none
     * @param updates      in all; the learning rate falls by them
     * @param seed         of first weights and all noise
     * @throws KitException if an action has no bounds, the network does not suit what is seen, or minibatches do not divide an update
     */
    public Ppo(NDManager parent, BatchedEnvironment environments, LongUnaryOperator episodes, Optional<PpoTests> tests, NetworkShape shape, PpoSettings settings,
            long updates, long seed) {
        this.settings = settings;
        this.shape = shape;
        this.updates = updates;
        this.seed = seed;
        this.observations = environments.observationSpace();
        this.actions = environments.actionSpace();
        this.tests = tests;
        requireSense(environments.lanes());
        this.distribution = ActionDistribution.of(settings);
        Lanes lanes = new Lanes(environments, episodes);
        Sights sights = Sights.of(observations, settings.normalisedObservations());
        this.rollout = new PpoRollout(lanes, sights, settings.horizon(), actions.size(), distribution, seed);
        this.rewardScale = new RewardScale(lanes.count(), settings.discount());
        this.histograms = new ActionHistograms(actions.size());
        this.manager = parent.newSubManager();
        this.parameters = new Parameters(manager);
        Layers layers = new Layers(parameters, seed);
        this.actor = Network.of(layers.in(PpoActor.NAME), shape, observations.shape(), Attention.NONE, 2 * actions.size(), 0.01);
        this.critic = Network.of(layers.in("critic"), shape, observations.shape(), settings.attention(), 1, 1);
        this.adam = new Adam(parameters, (float) settings.learningRate(), 0.9f, 0.999f, ADAM_EPSILON);
        this.acting = new PpoActor(distribution, sights, actions);
        this.loss = new PpoLoss(actor, critic, distribution, settings);
    }

    private void requireSense(int lanes) {
        for (int i = 0; i < actions.size(); i++) {
            if (!Double.isFinite(actions.high(i) - actions.low(i))) {
                throw new KitException("PPO needs bounds of every action, and number " + i + " has " + actions.low(i) + " to " + actions.high(i)
                        + "; give the action space finite bounds.");
            }
        }
        boolean isPicture = observations.type() == Space.Type.UINT8;
        if (isPicture == shape.filters().isEmpty()) {
            throw new KitException("The network " + shape + " takes " + (isPicture ? "vectors" : "pictures") + ", and this environment shows "
                    + (isPicture ? "pictures" : "vectors") + "; choose a network for them.");
        }
        if (settings.horizon() * lanes % settings.minibatch() != 0) {
            throw new KitException("An update of " + lanes + " lanes and " + settings.horizon() + " decisions each is not whole minibatches of "
                    + settings.minibatch() + "; change ppo.horizon or ppo.minibatch.");
        }
    }

    @Override
    public String work() {
        return KIND;
    }

    @Override
    public String unit() {
        return "updates";
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Map<String, String> settings() {
        Map<String, String> shared = Settings.text(settings);
        shared.put("seed", String.valueOf(seed));
        shared.put("updates", String.valueOf(updates));
        shared.put("lanes", String.valueOf(rollout.lanes.count()));
        shared.put(NETWORK, shape.name());
        shared.put(OBSERVATION, String.valueOf(observations.size()));
        shared.put(ACTION, String.valueOf(actions.size()));
        return shared;
    }

    /** How many numbers the actor and the critic have, in this order. */
    public long[] parameterCounts() {
        return Stream.of(PpoActor.NAME, "critic").mapToLong(name -> parameters.names().stream().filter(each -> each.startsWith(name + "."))
                .mapToLong(each -> parameters.array(each).size()).sum()).toArray();
    }

    Parameters parameters() {
        return parameters;
    }

    /** The network of that part of the names. */
    Network network(String name) {
        return name.equals(PpoActor.NAME) ? actor : critic;
    }

    @Override
    public Terms update(long step) {
        Terms terms = collect(step);
        terms = learn(step, terms);
        rollout.learned();
        return terms;
    }

    /** Drives all lanes for a horizon. @return the mean return of the episodes that ended */
    Terms collect(long step) {
        Terms terms = rollout.collect(actor(), step);
        rollout.countIn(histograms);
        return terms;
    }

    /** The actor as it is now; it changes as it learns. */
    public PpoActor actor() {
        if (isStale) {
            acting.take(shape, observations.shape(), name -> parameters.array(name).toFloatArray());
            isStale = false;
        }
        return acting;
    }

    Terms learn(long step, Terms terms) {
        isStale = true;
        if (settings.annealed()) {
            adam.learningRate((float) (settings.learningRate() * (1 - step / (double) updates)));
        }
        PpoBatch batch = batch();
        double[] sums = new double[Part.values().length];
        int minibatches = 0;
        int epochs = 0;
        double divergence = 0;
        while (epochs < settings.epochs() && (settings.klStop() == 0 || divergence <= settings.klStop())) {
            int[] order = Pcg64.seeded(Seeds.named(seed, "ppo order", step * settings.epochs() + epochs)).permutation(rollout.decisions());
            double earlier = sums[Part.KL.ordinal()];
            for (int from = 0; from < order.length; from += settings.minibatch()) {
                descend(batch, order, from, sums);
                minibatches++;
            }
            divergence = (sums[Part.KL.ordinal()] - earlier) * settings.minibatch() / order.length;
            epochs++;
        }
        for (Part part : Part.values()) {
            terms = terms.and(part.term, sums[part.ordinal()] / minibatches);
        }
        terms = terms.and("epochs", epochs);
        return settings.normalisedReturns() ? terms.and("deviation", 1 / batch.scale()) : terms;
    }

    /** One more update from what the last one saw, without a step in the environments: what an update's networks take. */
    public Terms learnAgain(long step) {
        return learn(step, Terms.NONE);
    }

    private enum Part {
        LOSS(Terms.LOSS), POLICY("policy"), VALUE("value"), ENTROPY(Ppo.ENTROPY), KL("kl"), CLIPPED("clipped"), GRADIENT("gradient");

        private final String term;

        Part(String term) {
            this.term = term;
        }
    }

    private PpoBatch batch() {
        return PpoBatch.of(rollout, actor, critic, distribution, rewardScale, settings, manager);
    }

    /** One step of Adam. */
    private void descend(PpoBatch batch, int[] order, int from, double[] sums) {
        try (NDManager scope = manager.newSubManager(); Gradients.Tape tape = Gradients.record()) {
            PpoLoss.Loss now = loss.of(batch.minibatch(scope, order, from, settings.minibatch()));
            float[] figures = now.total().stack(now.policy()).toFloatArray();
            float[] ratios = now.ratios().toFloatArray();
            double kl = 0;
            int clipped = 0;
            for (float ratio : ratios) {
                kl += (ratio - 1 - Math.log(ratio)) / ratios.length;
                clipped += Math.abs(ratio - 1) > settings.clip() ? 1 : 0;
            }
            // Before the step: where something is not finite or runs away, this throws.
            Terms.of(Terms.LOSS, figures[0]).and("divergence from the policy before the update", kl, FARTHEST);
            tape.backward(now.total());
            float norm = Gradients.clipByNorm(parameters, (float) settings.gradientNorm());
            Terms.of("gradients' norm", norm);
            adam.step();
            sums[Part.LOSS.ordinal()] += figures[0];
            sums[Part.POLICY.ordinal()] += figures[1];
            sums[Part.VALUE.ordinal()] += now.value().toFloatArray()[0];
            sums[Part.ENTROPY.ordinal()] += now.entropy().toFloatArray()[0];
            sums[Part.KL.ordinal()] += kl;
            sums[Part.CLIPPED.ordinal()] += clipped / (double) ratios.length;
            sums[Part.GRADIENT.ordinal()] += norm;
        }
    }

    PpoLoss.Loss loss(PpoLoss.Decisions decisions) {
        return loss.of(decisions);
    }

    /** What {@link #collect} stored, all of it, as one minibatch; for tests. */
    PpoLoss.Decisions stored(NDManager scope) {
        return batch().minibatch(scope, IntStream.range(0, rollout.decisions()).toArray(), 0, rollout.decisions());
    }

    /** Plays the test episodes and begins new histograms of actions. */
    @Override
    public Terms measure(long step, Terms means) {
        Terms terms = tests.map(each -> each.play(actor())).orElse(Terms.NONE);
        histograms.next();
        return terms;
    }

    @Override
    public void save(Checkpoint.Draft draft) {
        draft.put(parameters).put(adam);
        rollout.save(draft);
        rewardScale.save(draft);
        histograms.save(draft);
    }

    @Override
    public void restore(Checkpoint found) {
        found.copyInto(parameters);
        adam.restore(found);
        rollout.restore(found);
        rewardScale.restore(found);
        histograms.restore(found);
        isStale = true;
    }

    /** Frees the networks and the environments. */
    @Override
    public void close() {
        manager.close();
        rollout.lanes.close();
        tests.ifPresent(each -> each.environments().close());
    }
}
