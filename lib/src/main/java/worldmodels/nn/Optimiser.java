package worldmodels.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A gradient method with running figures for each parameter. Its whole state, these figures and the step count, can be saved and
 * restored, and a restored optimiser goes on bit for bit.
 */
public abstract sealed class Optimiser implements AutoCloseable permits Adam, Adamax, RmsProp {

    private final Parameters parameters;
    private final String name;
    private final List<String> figures;
    private final NDManager manager;
    private final List<NDList> values;
    private final NDArray count;
    private float learningRate;
    private String prefix;

    /** @param name of the method and of its figures, for the state's names */
    Optimiser(Parameters parameters, float learningRate, String name, String... figures) {
        this.parameters = parameters;
        this.learningRate = learningRate;
        this.name = name;
        this.prefix = Checkpoint.TRAINING + name + ".";
        this.figures = List.of(figures);
        this.manager = parameters.manager().newSubManager();
        this.values = Stream.of(figures).map(figure -> zeros(parameters)).toList();
        this.count = manager.zeros(new Shape());
    }

    private NDList zeros(Parameters parameters) {
        NDList zeros = new NDList();
        for (NDArray array : parameters.arrays()) {
            zeros.add(manager.zeros(array.getShape(), array.getDataType()));
        }
        return zeros;
    }

    /**
     * One step of the method on all parameters in one pass, in place; {@code steps}, a float32 scalar, counts up and the gradients become zero.
     *
     * @param figures in the order in which they were named
     */
    abstract void update(NDManager scratch, NDList parameters, NDList gradients, List<NDList> figures, NDArray steps, float learningRate);

    /** Moves each parameter along its gradient and sets the gradients to zero. */
    public final void step() {
        try (NDManager scratch = manager.newSubManager()) {
            update(scratch, parameters.arrays(), parameters.gradients(scratch), values, count, learningRate);
        }
    }

    public final void learningRate(float rate) {
        this.learningRate = rate;
    }

    /** How many steps were taken. */
    public final long steps() {
        return (long) count.toFloatArray()[0];
    }

    /**
     * Tells this optimiser's state from another's in one checkpoint, where a learner has several: {@code training.critic.adam.steps}.
     *
     * @return this
     */
    public final Optimiser of(String part) {
        prefix = Checkpoint.TRAINING + part + "." + name + ".";
        return this;
    }

    /** The live state by name, e.g. {@code training.adam.mean.NAME}, {@code training.adam.square.NAME} and
     * {@code training.adam.steps}. */
    public final Map<String, NDArray> state() {
        Map<String, NDArray> state = new LinkedHashMap<>();
        state.put(prefix + "steps", count);
        int i = 0;
        for (String parameter : parameters.names()) {
            for (int figure = 0; figure < figures.size(); figure++) {
                state.put(prefix + figures.get(figure) + "." + parameter, values.get(figure).get(i));
            }
            i++;
        }
        return state;
    }

    /** Goes on from a checkpoint that holds {@link #state()}. */
    public final void restore(Checkpoint checkpoint) {
        state().forEach(checkpoint::copyInto);
    }

    /** 0.001f as the double 0.001 that the user wrote, as Python would pass it. */
    static double exact(float value) {
        return Double.parseDouble(Float.toString(value));
    }

    @Override
    public final void close() {
        manager.close();
    }
}
