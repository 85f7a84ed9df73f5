package worldmodels.memory;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import worldmodels.nn.Checkpoint;
import worldmodels.nn.Layers;
import worldmodels.nn.Parameters;
import worldmodels.nn.RecurrentOps;
import worldmodels.run.KitException;

/**
 * M, the mixture density network on a recurrent one of Ha and Schmidhuber 2018 (section 2.3 and appendix):
 *
 * <pre>
 *   z, a -> [z a] (35) -LSTM-> h (256) -linear-> for each of 32 latents: 5 logits, 5 means, 5 log sigmas = 480
 *   P(z' | a, z, h) = Π over latents of Σₖ πₖ N(z'; μₖ, σₖ)
 * </pre>
 *
 * <p>As in the authors' code every latent has its own mixture weights, the LSTM has one bias vector and starts with forget bias 1, and all
 * other first weights are Glorot-even (TensorFlow's default, for the output's bias too): 422,368 parameters at z = 32. An untrained model
 * is the ablation "M with random weights". Outputs lie as (3, K, Z) with the latent innermost, which sums over K faster than the other way
 * round; log sigma is bounded to ±{@value #LOG_SIGMA_BOUND}, so that no density runs away to infinity.
 *
 * <p>Acting methods change the state given and nothing else: threads may share a model, each with states of its own.
 */
public final class MdnRnn implements AutoCloseable {

    /** Bound of log σ; trained models stay well inside. */
    public static final float LOG_SIGMA_BOUND = 7;

    static final String KIND = "MdnRnn";

    private final MdnRnnShape shape;
    private final Parameters parameters;
    private final NDArray input;
    private final NDArray recurrent;
    private final NDArray bias;
    private final Layers.Dense output;

    /** @param seed of the first weights; the same seed gives the same model */
    public MdnRnn(NDManager parent, MdnRnnShape shape, long seed) {
        this.shape = shape;
        this.parameters = new Parameters(parent);
        Layers layers = new Layers(parameters, seed);
        long gates = 4L * shape.hidden();
        long fan = shape.inputs() + shape.hidden();
        this.input = layers.weight("lstm.input", new Shape(gates, shape.inputs()), fan, gates);
        this.recurrent = layers.weight("lstm.recurrent", new Shape(gates, shape.hidden()), fan, gates);
        this.bias = layers.given("lstm.bias", parameters.manager().create(forgetBias(shape.hidden())));
        this.output = new Layers.Dense(layers.matrix("output.weight", shape.hidden(), shape.outputs()),
                layers.weight("output.bias", new Shape(shape.outputs()), shape.outputs(), shape.outputs()));
    }

    /**
     * The model of a file that {@link #save} or a training wrote.
     *
     * @throws KitException if the file is missing, damaged or of another shape
     */
    public static MdnRnn load(NDManager parent, MdnRnnShape shape, Path file) {
        Checkpoint checkpoint = Checkpoint.read(file, KIND, MdnRnnLearner.KIND).require(shape.settings());
        MdnRnn model = new MdnRnn(parent, shape, 0);
        checkpoint.copyInto(model.parameters);
        return model;
    }

    /** Writes the weights; a training writes files of its own that also hold the optimiser. */
    public void save(Path file) {
        Checkpoint.write(file, KIND, shape.settings(), parameters.named());
    }

    public MdnRnnShape shape() {
        return shape;
    }

    /** The weights: {@code lstm.input}, {@code lstm.recurrent}, {@code lstm.bias}, {@code output.weight}, {@code output.bias}. */
    public Parameters parameters() {
        return parameters;
    }

    /** @return a memory of nothing for a batch of episodes, with a copy of what M has learned so far */
    public MemoryState initial(int batch) {
        return new MemoryState(shape, parameters, batch);
    }

    /** What M expects to come after the steps that the state was advanced through. No gradients. */
    public MemoryPrediction predict(MemoryState state) {
        return MemoryPrediction.of(shape, state.batch(), state.outputs());
    }

    /**
     * Runs whole sequences from an empty memory; differentiable.
     *
     * @param x [z a], (time, batch, latent + actions)
     * @return (time * batch, outputs), rows in the order of {@code x}; attached to the manager of {@code x}
     */
    NDArray forward(NDArray x) {
        return output.apply(RecurrentOps.lstm(x, input, recurrent, bias).reshape(-1, shape.hidden()));
    }

    /** 1 for the forget gates, the second quarter: what is remembered at first fades slowly (Gers et al. 2000). */
    private static float[] forgetBias(int hidden) {
        float[] bias = new float[4 * hidden];
        Arrays.fill(bias, hidden, 2 * hidden, 1);
        return bias;
    }

    /** For a checkpoint's text. */
    Map<String, String> settings() {
        return shape.settings();
    }

    @Override
    public void close() {
        parameters.close();
    }
}
