package worldmodels.rl;

import ai.djl.ndarray.NDManager;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import worldmodels.env.ActionScale;
import worldmodels.env.Environment;
import worldmodels.env.GoalEnvironment;
import worldmodels.env.Space;
import worldmodels.env.Transition;
import worldmodels.nn.Checkpoint;
import worldmodels.nn.Seeds;
import worldmodels.nn.Terms;
import worldmodels.run.KitException;

/**
 * What an agent lives through, one episode after the other, and what it remembers of it: every transition at once, and its hindsight when the episode is
 * over.
 *
 * <p>An environment cannot be saved in the middle of an episode, but its episodes are their seed and their actions: going on from a checkpoint takes the
 * episode's actions once more.
 */
final class Experience implements AutoCloseable {

    /** Terms of an episode that has ended: the sum of its rewards, and whether (1 or 0) it ended with its goal achieved. */
    static final String RETURN = "return";
    static final String SUCCESS = "success";

    private static final String EPISODE = "episode";
    private static final String ACTIONS = Checkpoint.TRAINING + "actions of the episode";

    private final Environment environment;
    private final Learning learning;
    private final long seed;
    private final ActionScale scale;
    private final RunningNormalisation normalisation;
    private final ReplayBuffer replay;
    private final Optional<Hindsight> hindsight;
    private final List<Moment> episode = new ArrayList<>();
    private long number;
    private float[] observation;

    /**
     * @param environment of its own, closed with this
     * @throws KitException if it shows no vector, has no bounds for actions, or no goals where hindsight is asked for
     */
    Experience(Environment environment, Learning learning, long seed) {
        this.environment = environment;
        this.learning = learning;
        this.seed = seed;
        this.scale = new ActionScale(environment.actionSpace());
        Space seen = environment.observationSpace();
        if (seen.type() != Space.Type.FLOAT32) {
            throw new KitException("Learning without a model takes observations that are vectors of numbers, and this environment shows pictures; encode them first.");
        }
        for (int i = 0; i < scale.size(); i++) {
            if (!Double.isFinite(scale.space().high(i) - scale.space().low(i))) {
                throw new KitException("Learning without a model needs bounds of every action, and number " + i + " has " + scale.space().low(i) + " to "
                        + scale.space().high(i) + "; give the action space finite bounds.");
            }
        }
        this.hindsight = learning.goals() == 0 ? Optional.empty() : Optional.of(new Hindsight(goals(environment).orElseThrow(
                () -> new KitException("Hindsight needs an environment with goals, which this one has not; set the number of goals to 0.")), learning.goals()));
        this.normalisation = new RunningNormalisation(seen.size());
        this.replay = new ReplayBuffer(learning.capacity(), seen.size(), scale.size(), learning.batch());
        begin();
        see();
    }

    private static Optional<GoalEnvironment> goals(Environment environment) {
        return environment.unwrapped() instanceof GoalEnvironment goals ? Optional.of(goals) : Optional.empty();
    }

    Space observations() {
        return environment.observationSpace();
    }

    Space actions() {
        return environment.actionSpace();
    }

    RunningNormalisation normalisation() {
        return normalisation;
    }

    /** What is seen now. */
    float[] observation() {
        return observation;
    }

    /**
     * Takes a step and remembers it.
     *
     * @param action within [-1, 1]
     * @return what there is to say of the episode if it has ended
     */
    Terms take(float[] action) {
        boolean ended = advance(action);
        replay.add(episode.getLast());
        see();
        if (!ended) {
            return Terms.NONE;
        }
        Terms terms = figures(environment, episode.stream().mapToDouble(Moment::reward).sum());
        hindsight.ifPresent(judge -> judge.relabelled(episode, Seeds.named(seed, "hindsight", number)).forEach(replay::add));
        number++;
        begin();
        see();
        return terms;
    }

    private void see() {
        if (learning.normalised()) {
            normalisation.see(observation);
        }
    }

    private void begin() {
        environment.reset(Seeds.named(seed, "rl episode", number));
        episode.clear();
        observation = observed(environment);
    }

    /** @return whether the episode has ended */
    private boolean advance(float[] action) {
        Transition transition = environment.step(toEnvironment(scale, action));
        float[] next = observed(environment);
        episode.add(new Moment(observation, action, transition.reward(), next, transition.terminated()));
        observation = next;
        return transition.ended();
    }

    Batch draw(NDManager scope, long drawSeed) {
        return replay.draw(scope, learning.discount(), normalisation, drawSeed);
    }

    /** Plays an episode that nothing is learned from. */
    static Terms play(Environment environment, Actor actor, long seed) {
        ActionScale scale = new ActionScale(environment.actionSpace());
        environment.reset(seed);
        double sum = 0;
        Transition transition;
        do {
            transition = environment.step(toEnvironment(scale, actor.act(observed(environment))));
            sum += transition.reward();
        } while (!transition.ended());
        return figures(environment, sum);
    }

    private static Terms figures(Environment environment, double sum) {
        Terms terms = Terms.of(RETURN, sum);
        return goals(environment).map(goals -> terms.and(SUCCESS, goals.isSuccess(goals.achievedGoal(), goals.desiredGoal()) ? 1 : 0)).orElse(terms);
    }

    private static double[] toEnvironment(ActionScale scale, float[] action) {
        double[] stretched = new double[action.length];
        Arrays.setAll(stretched, i -> scale.toEnvironment(i, action[i]));
        return stretched;
    }

    private static float[] observed(Environment environment) {
        ByteBuffer bytes = ByteBuffer.allocate(environment.observationSpace().bytes()).order(ByteOrder.nativeOrder());
        environment.observe(bytes);
        float[] numbers = new float[environment.observationSpace().size()];
        bytes.flip().asFloatBuffer().get(numbers);
        return numbers;
    }

    void save(Checkpoint.Draft draft) {
        float[] actions = new float[episode.size() * scale.size()];
        for (int t = 0; t < episode.size(); t++) {
            System.arraycopy(episode.get(t).action(), 0, actions, t * scale.size(), scale.size());
        }
        draft.text(EPISODE, String.valueOf(number)).put(ACTIONS, actions);
        normalisation.save(draft);
        replay.save(draft);
    }

    void restore(Checkpoint found) {
        normalisation.restore(found);
        replay.restore(found);
        number = found.number(EPISODE);
        begin();
        float[] actions = found.floats(ACTIONS);
        for (int at = 0; at < actions.length; at += scale.size()) {
            advance(Arrays.copyOfRange(actions, at, at + scale.size()));
        }
    }

    @Override
    public void close() {
        environment.close();
    }
}
