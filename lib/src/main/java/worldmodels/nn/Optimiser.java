package worldmodels.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A gradient method with two running figures per parameter. Its whole state, these figures and the step count, can be saved and
 * restored, and a restored optimiser goes on bit for bit.
 */
public abstract sealed class Optimiser implements AutoCloseable permits Adam, Adamax {

    private final Parameters parameters;
    private final String name;
    private final String firstName;
    private final String secondName;
    private final NDManager manager;
    private final NDList first = new NDList();
    private final NDList second = new NDList();
    private final NDArray count;
    private float learningRate;
    private String prefix;

    /** @param name of the method and of its two figures, for the state's names */
    Optimiser(Parameters parameters, float learningRate, String name, String firstName, String secondName) {
        this.parameters = parameters;
        this.learningRate = learningRate;
        this.name = name;
        this.prefix = Checkpoint.TRAINING + name + ".";
        this.firstName = firstName;
        this.secondName = secondName;
        this.manager = parameters.manager().newSubManager();
        for (NDArray array : parameters.arrays()) {
            first.add(manager.zeros(array.getShape(), array.getDataType()));
            second.add(manager.zeros(array.getShape(), array.getDataType()));
        }
        this.count = manager.zeros(new Shape());
    }

    /** One step of the method on all parameters in one pass, in place; {@code steps}, a float32 scalar, counts up and the gradients become zero. */
    abstract void update(NDManager scratch, NDList parameters, NDList gradients, NDList first, NDList second, NDArray steps, float learningRate);

    /** Moves each parameter along its gradient and sets the gradients to zero. */
    public final void step() {
        try (NDManager scratch = manager.newSubManager()) {
            update(scratch, parameters.arrays(), parameters.gradients(scratch), first, second, count, learningRate);
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
            state.put(prefix + firstName + "." + parameter, first.get(i));
            state.put(prefix + secondName + "." + parameter, second.get(i++));
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
