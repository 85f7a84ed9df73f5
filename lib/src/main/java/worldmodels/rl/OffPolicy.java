package worldmodels.rl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import worldmodels.env.Environment;
import worldmodels.env.Space;
import worldmodels.nn.Adam;
import worldmodels.nn.Checkpoint;
import worldmodels.nn.Gradients;
import worldmodels.nn.Initialiser;
import worldmodels.nn.Layers;
import worldmodels.nn.Learner;
import worldmodels.nn.Parameters;
import worldmodels.nn.Seeds;
import worldmodels.nn.Terms;
import worldmodels.random.Pcg64;
import worldmodels.run.Settings;

/**
 * What DDPG, TD3 and SAC share: learning from a replay of all that was lived through, whoever acted then.
 *
 * <pre>
 *   until all steps are taken:   act   ->   store   ->   update from a batch of the replay   ->   target networks
 * </pre>
 *
 * <p>A step is one of the environment, and one update. The first steps act at random and only fill the replay. All that is random comes from the seed and
 * the step's or the episode's number, so that a training that was stopped and resumed equals one that was not, its replay included.
 *
 * <p>Terms: {@code loss} is the critics', {@code actor} the actor's; {@code return} and {@code success} are those of episodes with exploration
 * that ended, and in validation of the same test episodes each time without noise. Success is a goal achieved at the episode's end.
 */
public abstract sealed class OffPolicy implements Learner permits Ddpg, Td3, Sac {

    /** Names of curves: an episode's sum of rewards, and whether it ended with its goal achieved. */
    public static final String RETURN = Experience.RETURN;
    public static final String SUCCESS = Experience.SUCCESS;

    static final String OBSERVATION = "observation";
    static final String ACTION = "action";
    /** The actor's loss. */
    static final String ACTOR = "actor";
    /** What the names of target networks begin with. */
    static final String TARGET = Checkpoint.TRAINING + "target.";

    final long seed;
    private final Learning learning;
    private final Record settings;
    private final NDManager manager;
    private final Experience experience;
    private final Optional<Environment> test;
    private final List<Parameters> parameters = new ArrayList<>();
    private final List<Adam> optimisers = new ArrayList<>();
    private final Actor acting;
    private boolean isStale = true;

    /**
     * @param environments makes the environment that is learned in and, where there are test episodes, another one for these
     * @param outputs      of the actor network for each number of an action
     * @param settings     all of them
     */
    OffPolicy(NDManager parent, Supplier<? extends Environment> environments, int outputs, Learning learning, Record settings, long seed) {
        this.learning = learning;
        this.settings = settings;
        this.seed = seed;
        this.experience = new Experience(environments.get(), learning, seed);
        this.test = learning.tests() == 0 ? Optional.empty() : Optional.of(environments.get());
        this.manager = parent.newSubManager();
        this.acting = new Actor(experience.observations().size(), experience.actions(), learning.layers(), learning.width(),
                outputs * experience.actions().size(), experience.normalisation());
    }

    /** Parameters that are saved and closed with this. */
    final Parameters parameters() {
        parameters.add(new Parameters(manager));
        return parameters.getLast();
    }

    /** Adam that is saved and closed with this. */
    final Adam adam(String name, Parameters parameters) {
        optimisers.add(new Adam("adam of the " + name, parameters, (float) learning.learningRate()));
        return optimisers.getLast();
    }

    /** From an observation; its weights begin as PyTorch's do, its biases at zero. */
    final Layers.Mlp network(Parameters parameters, String name, int outputs) {
        return network(parameters, name, experience.observations().size(), outputs);
    }

    /** From an observation and an action to their value, likewise. */
    final Layers.Mlp critic(Parameters parameters, String name) {
        return network(parameters, name, experience.observations().size() + actions(), 1);
    }

    private Layers.Mlp network(Parameters parameters, String name, int inputs, int outputs) {
        return new Layers(parameters, seed).with(Initialiser.KAIMING).in(name).mlp(inputs, learning.layers(), learning.width(), outputs);
    }

    /** How many numbers an action has. */
    final int actions() {
        return experience.actions().size();
    }

    /**
     * Acts with noise.
     *
     * @param random the step's own
     * @return within [-1, 1]
     */
    abstract float[] explore(float[] observation, Pcg64 random);

    /** What the actor network gives. @param observations as networks see them, (rows, observation) */
    public abstract NDArray output(NDArray observations);

    /** What the first critic believes, (rows, 1). @param pairs of what networks see and an action, (rows, observation + action) */
    public abstract NDArray value(NDArray pairs);

    /**
     * One update of the networks, the targets included.
     *
     * @param step counted from 0
     * @param terms of the step so far
     * @return these and the update's
     */
    abstract Terms improve(Batch batch, long step, Terms terms);

    @Override
    public final Terms update(long step) {
        Pcg64 random = Pcg64.seeded(Seeds.named(seed, "rl noise", step));
        Terms terms = experience.take(step < learning.starts() ? anywhere(random) : explore(experience.observation(), random));
        return step < learning.starts() ? terms : learn(step, terms);
    }

    /** One update from a batch of the replay, without a step in the environment. */
    public final Terms learn(long step) {
        return learn(step, Terms.NONE);
    }

    private Terms learn(long step, Terms terms) {
        isStale = true;
        try (NDManager scope = manager.newSubManager()) {
            return improve(batch(scope, step), step, terms);
        }
    }

    final Batch batch(NDManager scope, long step) {
        return experience.draw(scope, Seeds.named(seed, "rl batch", step));
    }

    private float[] anywhere(Pcg64 random) {
        float[] action = new float[actions()];
        for (int i = 0; i < action.length; i++) {
            action[i] = (float) random.uniform(-1, 1);
        }
        return action;
    }

    /** One step of Adam down a loss, which becomes a term. */
    static Terms descend(Supplier<NDArray> loss, Adam adam, String name, Terms terms) {
        try (Gradients.Tape tape = Gradients.record()) {
            NDArray value = loss.get();
            Terms more = terms.and(name, number(value));
            tape.backward(value);
            adam.step();
            return more;
        }
    }

    static float number(NDArray scalar) {
        return scalar.toFloatArray()[0];
    }

    /** The mean squared error of a critic. */
    static NDArray error(NDArray values, NDArray wanted) {
        return values.sub(wanted).square().mean();
    }

    /** All parameters, the actor's first. */
    final List<Parameters> all() {
        return List.copyOf(parameters);
    }

    /** The actor as it is now; it changes as it learns. */
    public final Actor actor() {
        if (isStale) {
            acting.take(name -> parameters.getFirst().array(name).toFloatArray());
            isStale = false;
        }
        return acting;
    }

    @Override
    public final Terms measure(long step, Terms means) {
        return test.map(this::test).orElse(Terms.NONE);
    }

    private Terms test(Environment environment) {
        double sum = 0;
        double successes = 0;
        for (int i = 0; i < learning.tests(); i++) {
            Terms figures = Experience.play(environment, actor(), Seeds.named(seed, "rl test", i));
            sum += figures.value(Experience.RETURN);
            successes += figures.value(Experience.SUCCESS);
        }
        Terms terms = Terms.of(Experience.RETURN, sum / learning.tests());
        return Double.isNaN(successes) ? terms : terms.and(Experience.SUCCESS, successes / learning.tests());
    }

    @Override
    public final String work() {
        return kind();
    }

    @Override
    public final Map<String, String> settings() {
        Map<String, String> shared = Settings.text(settings);
        shared.put("seed", String.valueOf(seed));
        shared.put(OBSERVATION, String.valueOf(experience.observations().size()));
        shared.put(ACTION, String.valueOf(actions()));
        return shared;
    }

    @Override
    public final void save(Checkpoint.Draft draft) {
        parameters.forEach(draft::put);
        optimisers.forEach(draft::put);
        experience.save(draft);
    }

    @Override
    public final void restore(Checkpoint found) {
        parameters.forEach(found::copyInto);
        optimisers.forEach(adam -> adam.restore(found));
        experience.restore(found);
        isStale = true;
    }

    /** Frees the networks and the environments. */
    @Override
    public final void close() {
        manager.close();
        experience.close();
        test.ifPresent(Environment::close);
    }
}
