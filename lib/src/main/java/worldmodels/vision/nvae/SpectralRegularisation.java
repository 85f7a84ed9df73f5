package worldmodels.vision.nvae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.Map;
import worldmodels.nn.Checkpoint;
import worldmodels.nn.Noise;
import worldmodels.nn.NormalisationOps;
import worldmodels.nn.Parameters;
import worldmodels.nn.Seeds;

/**
 * Holds down how much a network's layers can stretch what goes through them (Vahdat and Kautz 2020, equation 6). The penalty is
 *
 * <pre>
 * Σ s_i + Σ max |γ_j|
 * </pre>
 *
 * where s_i is the greatest singular value of the i-th convolution as a matrix (out, in · kernel²) and γ_j the scales of the j-th batch
 * normalisation. s is found by power iteration from the vector of the step before; the vectors are part of a checkpoint.
 */
public final class SpectralRegularisation implements AutoCloseable {

    private static final int FIRST_ITERATIONS = 40;
    private static final int ITERATIONS = 4;
    private static final String DIRECTION = "direction";
    private static final String LENGTH = "logLength";
    private static final String NORM = "scale";
    private static final String STATE = Checkpoint.TRAINING + "spectral.";

    private final Parameters parameters;
    private final NDManager manager;
    /** By the convolution's name, ending in a dot. */
    private final Map<String, NDArray> vectors = new LinkedHashMap<>();
    private boolean isFirst = true;

    /** Of every convolution and batch normalisation among the parameters. */
    public SpectralRegularisation(Parameters parameters, long seed) {
        this.parameters = parameters;
        manager = parameters.manager().newSubManager();
        for (String name : parameters.names()) {
            if (name.endsWith("." + DIRECTION)) {
                NDArray direction = parameters.array(name);
                Shape columns = new Shape(direction.size() / direction.getShape().get(0));
                vectors.put(name.substring(0, name.length() - DIRECTION.length()), Noise.normal(manager, columns, Seeds.named(seed, STATE + name)));
            }
        }
    }

    /**
     * The penalty with the present weights; each call improves the singular vectors.
     *
     * @param scratch the step's manager, to which the result belongs
     * @return a scalar
     */
    public NDArray penalty(NDManager scratch) {
        parameters.lendTo(scratch);
        NDArray sum = scratch.zeros(new Shape());
        for (Map.Entry<String, NDArray> convolution : vectors.entrySet()) {
            sum = sum.add(NormalisationOps.spectralNorm(parameters.array(convolution.getKey() + DIRECTION), parameters.array(convolution.getKey() + LENGTH),
                    convolution.getValue(), isFirst ? FIRST_ITERATIONS : ITERATIONS));
        }
        for (String name : parameters.names()) {
            if (name.endsWith("." + NORM)) {
                sum = sum.add(parameters.array(name).abs().max());
            }
        }
        isFirst = false;
        return sum;
    }

    /** The live state by name, for a checkpoint. */
    public Map<String, NDArray> state() {
        Map<String, NDArray> state = new LinkedHashMap<>();
        vectors.forEach((name, vector) -> state.put(STATE + name + "vector", vector));
        return state;
    }

    /** Goes on from a checkpoint that holds {@link #state()}. */
    public void restore(Checkpoint checkpoint) {
        state().forEach(checkpoint::copyInto);
        isFirst = false;
    }

    @Override
    public void close() {
        manager.close();
    }
}
