package worldmodels.vision.nvae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import worldmodels.nn.Initialisers;
import worldmodels.nn.Parameters;
import worldmodels.nn.Seeds;

/**
 * Where layers put their parameters: a network's parameters, the seed of their first values, and a name that goes before theirs.
 *
 * @param prefix empty, or ending in a dot
 */
public record Weights(Parameters parameters, long seed, String prefix) {

    /** The same under a further name. */
    public Weights in(String part) {
        return new Weights(parameters, seed, prefix + part + ".");
    }

    NDManager manager() {
        return parameters.manager();
    }

    /** Evenly drawn from ±1/√fanIn, PyTorch's default. */
    void even(String name, long fanIn, long... shape) {
        String full = prefix + name;
        parameters.add(full, Initialisers.kaimingUniform(manager(), new Shape(shape), fanIn, Seeds.named(seed, full)));
    }

    void zeros(String name, long... shape) {
        parameters.add(prefix + name, manager().zeros(new Shape(shape)));
    }

    void ones(String name, long... shape) {
        parameters.add(prefix + name, manager().ones(new Shape(shape)));
    }

    /** What is kept and not trained. */
    void kept(String name, float value, long... shape) {
        parameters.keep(prefix + name, manager().full(new Shape(shape), value));
    }

    NDArray array(String name) {
        return parameters.array(prefix + name);
    }
}
