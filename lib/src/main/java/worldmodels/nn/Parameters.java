package worldmodels.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A model's trainable arrays, by name, in the order they were added, and what it keeps beside them. They live in a manager of their own until {@link #close}.
 *
 * <p>The result of an operation belongs to the manager of its first operand, so networks write {@code x.matMul(w)}, never
 * {@code w.matMul(x)}; where a parameter must come first, {@link #lendTo} makes the step's manager its owner for that step.
 */
public final class Parameters implements AutoCloseable {

    private final NDManager manager;
    private final Map<String, NDArray> arrays = new LinkedHashMap<>();
    private final Map<String, NDArray> kept = new LinkedHashMap<>();

    /** @param parent the manager whose device is used and whose end is also theirs */
    public Parameters(NDManager parent) {
        this.manager = parent.newSubManager();
    }

    /**
     * Takes the array over: it now belongs to these parameters and has a gradient.
     *
     * @return the same array
     */
    public NDArray add(String name, NDArray initial) {
        requireNew(name);
        arrays.put(name, initial);
        initial.attach(manager);
        initial.setRequiresGradient(true);
        return initial;
    }

    /**
     * Takes an array over that belongs to the model and is saved with it but is not trained, e.g. a running mean.
     *
     * @return the same array
     */
    public NDArray keep(String name, NDArray initial) {
        requireNew(name);
        kept.put(name, initial);
        initial.attach(manager);
        return initial;
    }

    private void requireNew(String name) {
        if (arrays.containsKey(name) || kept.containsKey(name)) {
            throw new IllegalArgumentException("Parameter " + name + " is there already");
        }
    }

    /** @throws IllegalArgumentException if there is none of this name */
    public NDArray array(String name) {
        NDArray array = arrays.getOrDefault(name, kept.get(name));
        if (array == null) {
            throw new IllegalArgumentException("No parameter " + name + "; there are " + arrays.keySet());
        }
        return array;
    }

    public List<String> names() {
        return List.copyOf(arrays.keySet());
    }

    public NDList arrays() {
        return new NDList(arrays.values());
    }

    /**
     * Those whose names begin so, as parameters of their own: the same arrays, for an optimiser that moves them alone. What is kept is not among them.
     *
     * @throws IllegalArgumentException if there are none
     */
    public Parameters part(String prefix) {
        Parameters part = new Parameters(manager);
        arrays.forEach((name, array) -> {
            if (name.startsWith(prefix)) {
                part.arrays.put(name, array);
            }
        });
        if (part.arrays.isEmpty()) {
            throw new IllegalArgumentException("No parameter begins with " + prefix + "; there are " + arrays.keySet());
        }
        return part;
    }

    /** The live arrays by name, those that are kept too, e.g. for a checkpoint. */
    public Map<String, NDArray> named() {
        Map<String, NDArray> all = new LinkedHashMap<>(arrays);
        all.putAll(kept);
        return Collections.unmodifiableMap(all);
    }

    /** How many trainable numbers there are in all. */
    public long count() {
        return arrays.values().stream().mapToLong(NDArray::size).sum();
    }

    public NDManager manager() {
        return manager;
    }

    /** Until the step's manager closes, results of operations that start from a parameter belong to it. Not for shared inference. */
    public void lendTo(NDManager step) {
        arrays.values().forEach(array -> array.tempAttach(step));
        kept.values().forEach(array -> array.tempAttach(step));
    }

    /** @return the live gradients in order, zeros where no backward pass came by; the handles belong to {@code scratch} */
    public NDList gradients(NDManager scratch) {
        NDList gradients = new NDList(arrays.size());
        for (NDArray array : arrays.values()) {
            NDArray gradient = array.getGradient();
            gradient.attach(scratch);
            gradients.add(gradient);
        }
        return gradients;
    }

    /** Sets the gradients to zero, not-a-number included. */
    public void zeroGradients() {
        for (NDArray array : arrays.values()) {
            JniUtils.zeroGrad((PtNDArray) array);
        }
    }

    /** Overwrites one parameter's values in place. */
    public void set(String name, NDArray values) {
        NDArray array = array(name);
        Shape wanted = array.getShape();
        if (!values.getShape().equals(wanted)) {
            throw new IllegalArgumentException("Parameter " + name + " is " + wanted + ", not " + values.getShape());
        }
        InPlaceOps.copyInto(array, values);
    }

    /** Holds every number to [-bound, bound], in place. */
    public void clamp(float bound) {
        try (NDManager scratch = manager.newSubManager()) {
            InPlaceOps.clampInto(scratch, arrays(), bound);
        }
    }

    /**
     * Polyak averaging: θ = θ + rate (θ_other - θ), in place; 1 makes them equal.
     *
     * @param other parameters of the same shapes in the same order
     */
    public void follow(Parameters other, double rate) {
        try (NDManager scratch = manager.newSubManager()) {
            InPlaceOps.lerpInto(scratch, arrays(), other.arrays(), rate);
        }
    }

    @Override
    public void close() {
        manager.close();
    }
}
