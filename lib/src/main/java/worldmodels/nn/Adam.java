package worldmodels.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Adam (Kingma and Ba 2015, algorithm 1), with epsilon as PyTorch has it:
 *
 * <pre>
 * m = beta1 m + (1 - beta1) g        v = beta2 v + (1 - beta2) g²
 * p = p - rate / (1 - beta1^t) · m / (√(v / (1 - beta2^t)) + epsilon)
 * </pre>
 *
 * (TensorFlow's, and DJL's, adds epsilon to √v before the correction: the same but for an epsilon that shrinks in the first steps.) Its
 * whole state, two moments per parameter and the step count, can be saved and restored, and a restored optimiser goes on bit for bit.
 */
public final class Adam implements AutoCloseable {

    private final Parameters parameters;
    private final float beta1;
    private final float beta2;
    private final float epsilon;
    private final NDManager manager;
    private final NDList mean = new NDList();
    private final NDList square = new NDList();
    private final NDArray count;
    private float learningRate;

    public Adam(Parameters parameters, float learningRate, float beta1, float beta2, float epsilon) {
        this.parameters = parameters;
        this.learningRate = learningRate;
        this.beta1 = beta1;
        this.beta2 = beta2;
        this.epsilon = epsilon;
        this.manager = parameters.manager().newSubManager();
        for (NDArray array : parameters.arrays()) {
            mean.add(manager.zeros(array.getShape(), array.getDataType()));
            square.add(manager.zeros(array.getShape(), array.getDataType()));
        }
        this.count = manager.zeros(new Shape());
    }

    /** With the paper's beta 0.9 and 0.999 and epsilon 1e-8. */
    public Adam(Parameters parameters, float learningRate) {
        this(parameters, learningRate, 0.9f, 0.999f, 1e-8f);
    }

    /** Moves each parameter along its gradient and sets the gradients to zero. */
    public void step() {
        try (NDManager scratch = manager.newSubManager()) {
            TorchOps.adamStep(scratch, parameters.arrays(), parameters.gradients(scratch), mean, square, count,
                    learningRate, beta1, beta2, epsilon);
        }
    }

    public float learningRate() {
        return learningRate;
    }

    public void learningRate(float rate) {
        this.learningRate = rate;
    }

    /** How many steps were taken. */
    public long steps() {
        return (long) count.toFloatArray()[0];
    }

    /** The live state by name: {@code adam.mean.NAME}, {@code adam.square.NAME} and {@code adam.steps}. */
    public Map<String, NDArray> state() {
        Map<String, NDArray> state = new LinkedHashMap<>();
        state.put("adam.steps", count);
        int i = 0;
        for (String name : parameters.names()) {
            state.put("adam.mean." + name, mean.get(i));
            state.put("adam.square." + name, square.get(i++));
        }
        return state;
    }

    /** Goes on from a checkpoint that holds {@link #state()}. */
    public void restore(Checkpoint checkpoint) {
        state().forEach(checkpoint::copyInto);
    }

    @Override
    public void close() {
        manager.close();
    }
}
