package worldmodels.rl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import worldmodels.data.EpisodeJob;
import worldmodels.data.EpisodeResult;
import worldmodels.data.RolloutEngine;
import worldmodels.data.StepListener;
import worldmodels.env.ActionScale;
import worldmodels.env.BatchedEnvironment;
import worldmodels.env.GoalEnvironment;
import worldmodels.env.Space;
import worldmodels.env.ThreadedEnvironments;
import worldmodels.nn.Adam;
import worldmodels.nn.Checkpoint;
import worldmodels.nn.Gradients;
import worldmodels.nn.Layers;
import worldmodels.nn.Learner;
import worldmodels.nn.Optimiser;
import worldmodels.nn.Parameters;
import worldmodels.nn.Seeds;
import worldmodels.nn.Terms;
import worldmodels.nn.TorchOps;
import worldmodels.random.Pcg64;
import worldmodels.run.KitException;
import worldmodels.run.Progress;
import worldmodels.run.Settings;
import worldmodels.run.StoppedException;

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
    /** Bars of a histogram of actions. */
    public static final int BARS = 20;

    private static final String HISTOGRAMS = "histograms of actions";
    private static final String HISTOGRAM = Checkpoint.TRAINING + "histogram of actions";

    /** So many nats between two policies of one update are no update. */
    private static final double FARTHEST = 20;
    private static final float ADAM_EPSILON = 1e-5f;
    /** Rows of a forward pass without gradients. */
    private static final int ROWS = 256;

    /** Test episodes, of which nothing is learned. */
    public record Tests(BatchedEnvironment environments, long[] seeds) {

        /** The goals of a lane, in a task that has any. */
        Optional<GoalEnvironment> goals(int lane) {
            return environments instanceof ThreadedEnvironments threaded && threaded.lane(lane).unwrapped() instanceof GoalEnvironment goals
                    ? Optional.of(goals) : Optional.empty();
        }
    }

    private final PpoSettings settings;
    private final NetworkShape shape;
    private final long updates;
    private final long seed;
    private final Space observations;
    private final Space actions;
    private final Optional<Tests> tests;

    // Networks
    private final NDManager manager;
    private final Parameters parameters;
    private final Network actor;
    private final Network critic;
    private final Optimiser adam;

    // Act
    private final ActionDistribution distribution;
    private final ActionScale scale;
    private final PpoActor acting;
    private boolean isStale = true;

    // Store
    private final Lanes lanes;
    private final Sights sights;
    private final RewardScale rewardScale;
    private final double[] rewards;
    private final boolean[] terminated;
    private final boolean[] ended;
    private final float[] drawn;
    /** Rows of what was seen before and after each decision. */
    private final int[] seen;
    private final int[] next;

    // Log
    private final List<float[]> histograms = new ArrayList<>();
    private float[] histogram;

    /**
     * @param parent       whose device is used
     * @param environments that are learned in; closed with this
     * @param episodes     the environment seed of an episode by its number
     * @param tests        closed with this; empty for none
     * @param updates      in all; the learning rate falls by them
     * @param seed         of first weights and all noise
     * @throws KitException if an action has no bounds, the network does not suit what is seen, or minibatches do not divide an update
     */
    public Ppo(NDManager parent, BatchedEnvironment environments, LongUnaryOperator episodes, Optional<Tests> tests, NetworkShape shape, PpoSettings settings,
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
        this.scale = new ActionScale(actions);
        this.lanes = new Lanes(environments, episodes);
        this.sights = Sights.of(observations, settings.normalisedObservations());
        this.rewardScale = new RewardScale(lanes.count(), settings.discount());
        int decisions = settings.horizon() * lanes.count();
        this.rewards = new double[decisions];
        this.terminated = new boolean[decisions];
        this.ended = new boolean[decisions];
        this.drawn = new float[decisions * actions.size()];
        this.seen = new int[decisions];
        this.next = new int[decisions];
        this.histogram = new float[actions.size() * BARS];
        this.manager = parent.newSubManager();
        this.parameters = new Parameters(manager);
        Layers layers = new Layers(parameters, seed);
        this.actor = Network.of(layers.in(PpoActor.NAME), shape, observations.shape(), Attention.NONE, 2 * actions.size(), 0.01);
        this.critic = Network.of(layers.in("critic"), shape, observations.shape(), settings.attention(), 1, 1);
        this.adam = new Adam(parameters, (float) settings.learningRate(), 0.9f, 0.999f, ADAM_EPSILON);
        this.acting = new PpoActor(distribution, sights, actions);
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
        shared.put("lanes", String.valueOf(lanes.count()));
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
        sights.learn();
        lanes.mark();
        return terms;
    }

    // Act and store
    /** Drives all lanes for a horizon. @return the mean return of the episodes that ended */
    Terms collect(long step) {
        sights.clear();
        Pcg64[] random = IntStream.range(0, lanes.count()).mapToObj(lane -> Pcg64.seeded(Seeds.named(seed, "ppo noise", step * lanes.count() + lane)))
                .toArray(Pcg64[]::new);
        PpoActor driver = actor();
        float[] x = new float[actions.size()];
        double[] chosen = new double[lanes.count() * x.length];
        int[] row = new int[lanes.count()];
        double sum = 0;
        int episodes = 0;
        float[] counted = new float[histogram.length];
        for (int lane = 0; lane < lanes.count(); lane++) {
            row[lane] = sights.add(lanes.observations(), lane);
        }
        for (int t = 0, i = 0; t < settings.horizon(); t++) {
            if (Thread.currentThread().isInterrupted()) {
                lanes.rewind();
                StoppedException.throwIfInterrupted(KIND);
            }
            for (int lane = 0; lane < lanes.count(); lane++) {
                distribution.draw(driver.outputs(lanes.observations(), lane), random[lane], x);
                driver.act(x, chosen, lane * x.length);
                System.arraycopy(x, 0, drawn, (i + lane) * x.length, x.length);
                count(x, counted);
            }
            lanes.step(chosen);
            for (int lane = 0; lane < lanes.count(); lane++) {
                int at = i + lane;
                seen[at] = row[lane];
                rewards[at] = lanes.rewards[lane];
                terminated[at] = lanes.terminated[lane];
                ended[at] = lanes.ended(lane);
                next[at] = sights.add(lanes.observations(), lane);
                row[lane] = next[at];
                if (ended[at]) {
                    sum += lanes.sum(lane);
                    episodes++;
                }
            }
            lanes.beginEnded();
            for (int lane = 0; lane < lanes.count(); lane++, i++) {
                if (ended[i]) {
                    row[lane] = sights.add(lanes.observations(), lane);
                }
            }
        }
        for (int k = 0; k < counted.length; k++) {
            histogram[k] += counted[k];
        }
        return episodes == 0 ? Terms.NONE : Terms.of(RETURN, sum / episodes);
    }

    private void count(float[] x, float[] counted) {
        for (int i = 0; i < x.length; i++) {
            counted[i * BARS + Math.clamp((int) ((distribution.toUnit(x[i]) + 1) / 2 * BARS), 0, BARS - 1)]++;
        }
    }

    /** The actor as it is now; it changes as it learns. */
    public PpoActor actor() {
        if (isStale) {
            acting.take(shape, observations.shape(), name -> parameters.array(name).toFloatArray());
            isStale = false;
        }
        return acting;
    }

    // Update
    /**
     * Decisions of a minibatch, or several.
     *
     * @param observations as networks see them, (rows, ...)
     * @param drawn        x, (rows, actions)
     * @param before       ln π_old(x | s), (rows)
     * @param values       V(s) before the update, (rows)
     * @param advantages   A, (rows)
     * @param returns      R, (rows)
     */
    record Decisions(NDArray observations, NDArray drawn, NDArray before, NDArray values, NDArray advantages, NDArray returns) {}

    /** The loss and its parts, scalars; {@code ratios} is ρ, (rows). */
    record Loss(NDArray total, NDArray policy, NDArray value, NDArray entropy, NDArray ratios) {}

    Terms learn(long step, Terms terms) {
        isStale = true;
        if (settings.annealed()) {
            adam.learningRate((float) (settings.learningRate() * (1 - step / (double) updates)));
        }
        Before before = before();
        double[] sums = new double[Part.values().length];
        int minibatches = 0;
        int epochs = 0;
        double divergence = 0;
        while (epochs < settings.epochs() && (settings.klStop() == 0 || divergence <= settings.klStop())) {
            int[] order = Pcg64.seeded(Seeds.named(seed, "ppo order", step * settings.epochs() + epochs)).permutation(rewards.length);
            double earlier = sums[Part.KL.ordinal()];
            for (int from = 0; from < order.length; from += settings.minibatch()) {
                descend(before, order, from, sums);
                minibatches++;
            }
            divergence = (sums[Part.KL.ordinal()] - earlier) * settings.minibatch() / order.length;
            epochs++;
        }
        for (Part part : Part.values()) {
            terms = terms.and(part.term, sums[part.ordinal()] / minibatches);
        }
        terms = terms.and("epochs", epochs);
        return settings.normalisedReturns() ? terms.and("deviation", 1 / before.scale) : terms;
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

    /** What stays as it is while an update goes on. */
    private record Before(float[] logDensities, float[] values, Advantages advantages, double scale) {}

    private Before before() {
        int[] all = IntStream.range(0, sights.count()).toArray();
        float[] values = new float[all.length];
        float[] logDensities = new float[rewards.length];
        try (Gradients.Pause pause = Gradients.pause()) {
            for (int from = 0; from < all.length; from += ROWS) {
                int rows = Math.min(ROWS, all.length - from);
                try (NDManager scope = manager.newSubManager()) {
                    System.arraycopy(critic.apply(sights.array(scope, all, from, rows)).toFloatArray(), 0, values, from, rows);
                }
            }
            for (int from = 0; from < rewards.length; from += ROWS) {
                int rows = Math.min(ROWS, rewards.length - from);
                try (NDManager scope = manager.newSubManager()) {
                    NDArray x = scope.create(Arrays.copyOfRange(drawn, from * actions.size(), (from + rows) * actions.size()), new Shape(rows, actions.size()));
                    NDArray output = actor.apply(sights.array(scope, seen, from, rows));
                    System.arraycopy(distribution.logDensity(output, x).toFloatArray(), 0, logDensities, from, rows);
                }
            }
        }
        float[] now = of(values, seen);
        float[] following = of(values, next);
        double scaled = rewardScale.take(rewards, ended);
        double factor = settings.normalisedReturns() ? scaled : 1;
        double[] paid = settings.normalisedReturns() ? Arrays.stream(rewards).map(reward -> rewardScale.apply(reward, factor)).toArray() : rewards;
        return new Before(logDensities, now, Advantages.of(paid, now, following, terminated, ended, lanes.count(), settings.discount(), settings.lambda()),
                factor);
    }

    private static float[] of(float[] values, int[] rows) {
        float[] some = new float[rows.length];
        for (int i = 0; i < rows.length; i++) {
            some[i] = values[rows[i]];
        }
        return some;
    }

    /** One step of Adam. */
    private void descend(Before before, int[] order, int from, double[] sums) {
        try (NDManager scope = manager.newSubManager(); Gradients.Tape tape = Gradients.record()) {
            Loss loss = loss(decisions(scope, before, order, from));
            float[] figures = loss.total.stack(loss.policy).toFloatArray();
            float[] ratios = loss.ratios.toFloatArray();
            double kl = 0;
            int clipped = 0;
            for (float ratio : ratios) {
                kl += (ratio - 1 - Math.log(ratio)) / ratios.length;
                clipped += Math.abs(ratio - 1) > settings.clip() ? 1 : 0;
            }
            // Before the step: where something is not finite or runs away, this throws.
            Terms.of(Terms.LOSS, figures[0]).and("divergence from the policy before the update", kl, FARTHEST);
            tape.backward(loss.total);
            float norm = Gradients.clipByNorm(parameters, (float) settings.gradientNorm());
            Terms.of("gradients' norm", norm);
            adam.step();
            sums[Part.LOSS.ordinal()] += figures[0];
            sums[Part.POLICY.ordinal()] += figures[1];
            sums[Part.VALUE.ordinal()] += loss.value.toFloatArray()[0];
            sums[Part.ENTROPY.ordinal()] += loss.entropy.toFloatArray()[0];
            sums[Part.KL.ordinal()] += kl;
            sums[Part.CLIPPED.ordinal()] += clipped / (double) ratios.length;
            sums[Part.GRADIENT.ordinal()] += norm;
        }
    }

    private Decisions decisions(NDManager scope, Before before, int[] order, int from) {
        int rows = settings.minibatch();
        int[] which = new int[rows];
        float[] x = new float[rows * actions.size()];
        for (int i = 0; i < rows; i++) {
            which[i] = seen[order[from + i]];
            System.arraycopy(drawn, order[from + i] * actions.size(), x, i * actions.size(), actions.size());
        }
        return new Decisions(sights.array(scope, which, 0, rows), scope.create(x, new Shape(rows, actions.size())), column(scope, before.logDensities, order, from),
                column(scope, before.values, order, from), column(scope, before.advantages.advantages(), order, from),
                column(scope, before.advantages.returns(), order, from));
    }

    private NDArray column(NDManager scope, float[] all, int[] order, int from) {
        float[] some = new float[settings.minibatch()];
        for (int i = 0; i < some.length; i++) {
            some[i] = all[order[from + i]];
        }
        return scope.create(some);
    }

    Loss loss(Decisions decisions) {
        NDArray output = actor.apply(decisions.observations);
        NDArray ratios = distribution.logDensity(output, decisions.drawn).sub(decisions.before).exp();
        NDArray policy = objective(ratios, normalised(decisions.advantages), settings.clip()).mean().neg();
        NDArray value = TorchOps.times(valueError(critic.apply(decisions.observations).reshape(-1), decisions), 0.5);
        NDArray entropy = distribution.entropy(output).mean();
        NDArray total = policy.add(TorchOps.times(value, settings.valueWeight()));
        // Gamma functions' derivatives are dear where they count nothing.
        total = settings.entropy() == 0 ? total : total.sub(TorchOps.times(entropy, settings.entropy()));
        return new Loss(total, policy, value, entropy, ratios);
    }

    /** min(ρ A, clip(ρ, 1 - ε, 1 + ε) A), decision by decision: equation 7, which is to become large. */
    public static NDArray objective(NDArray ratios, NDArray advantages, double epsilon) {
        NDArray plain = ratios.mul(advantages);
        NDArray clipped = TorchOps.within(ratios, 1 - epsilon, 1 + epsilon).mul(advantages);
        return plain.minimum(clipped);
    }

    private static NDArray normalised(NDArray advantages) {
        NDArray centred = advantages.sub(advantages.mean());
        long rows = advantages.size();
        return centred.div(TorchOps.times(centred.square().sum(), 1.0 / (rows - 1)).sqrt().add(1e-8f));
    }

    private NDArray valueError(NDArray values, Decisions decisions) {
        NDArray error = values.sub(decisions.returns).square();
        if (settings.valueLoss() == ValueLoss.PLAIN) {
            return error.mean();
        }
        NDArray near = TorchOps.within(values.sub(decisions.values), -settings.clip(), settings.clip()).add(decisions.values);
        return error.maximum(near.sub(decisions.returns).square()).mean();
    }

    /** What {@link #collect} stored, all of it, as one batch; for tests. */
    Decisions stored(NDManager scope) {
        int[] order = IntStream.range(0, rewards.length).toArray();
        return decisions(scope, before(), order, 0);
    }

    // Log
    /** Plays the test episodes and begins a new histogram of actions. */
    @Override
    public Terms measure(long step, Terms means) {
        Terms terms = tests.map(this::test).orElse(Terms.NONE);
        histograms.add(histogram);
        histogram = new float[histogram.length];
        return terms;
    }

    private Terms test(Tests of) {
        List<EpisodeJob> jobs = LongStream.of(of.seeds).mapToObj(each -> new EpisodeJob(0, each)).toList();
        double[] achieved = new double[jobs.size()];
        // What holds after an episode's last step stays.
        StepListener watching = step -> of.goals(step.lane())
                .ifPresent(task -> achieved[step.jobNumber()] = task.isSuccess(task.achievedGoal(), task.desiredGoal()) ? 1 : 0);
        EpisodeResult[] results = new RolloutEngine(of.environments).run(jobs, actor().policy(), watching, Progress.NONE);
        Terms terms = Terms.of(RETURN, Arrays.stream(results).mapToDouble(EpisodeResult::episodeReturn).average().orElseThrow());
        return of.goals(0).isPresent() ? terms.and(SUCCESS, Arrays.stream(achieved).average().orElseThrow()) : terms;
    }

    /**
     * How often each action was done, up to each point of the curve since the point before.
     *
     * @return (points, actions, {@value #BARS}), from an action's lower bound to its upper one
     */
    public static float[][][] histograms(Checkpoint checkpoint) {
        int size = (int) checkpoint.number(ACTION);
        float[] all = checkpoint.floats(HISTOGRAMS);
        float[][][] histograms = new float[all.length / size / BARS][size][];
        for (int i = 0; i < histograms.length * size; i++) {
            histograms[i / size][i % size] = Arrays.copyOfRange(all, i * BARS, (i + 1) * BARS);
        }
        return histograms;
    }

    @Override
    public void save(Checkpoint.Draft draft) {
        draft.put(parameters).put(adam);
        sights.save(draft);
        rewardScale.save(draft);
        lanes.save(draft);
        float[] all = new float[histograms.size() * histogram.length];
        for (int i = 0; i < histograms.size(); i++) {
            System.arraycopy(histograms.get(i), 0, all, i * histogram.length, histogram.length);
        }
        draft.put(HISTOGRAMS, all).put(HISTOGRAM, histogram);
    }

    @Override
    public void restore(Checkpoint found) {
        found.copyInto(parameters);
        adam.restore(found);
        sights.restore(found);
        rewardScale.restore(found);
        lanes.restore(found);
        float[] all = found.floats(HISTOGRAMS);
        histograms.clear();
        for (int at = 0; at < all.length; at += histogram.length) {
            histograms.add(Arrays.copyOfRange(all, at, at + histogram.length));
        }
        histogram = found.floats(HISTOGRAM);
        isStale = true;
    }

    /** Frees the networks and the environments. */
    @Override
    public void close() {
        manager.close();
        lanes.close();
        tests.ifPresent(each -> each.environments.close());
    }
}
