package worldmodels.vision;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import worldmodels.nn.Checkpoint;
import worldmodels.nn.Noise;
import worldmodels.nn.Normal;
import worldmodels.nn.Parameters;
import worldmodels.nn.TorchOps;

/** V: encodes pictures of 64 x 64 pixels to a posterior over z, and decodes z to a picture. */
public interface VisionModel extends AutoCloseable {

    /** How many numbers z has. */
    int latentSize();

    /** What is trained, and what is kept beside it. */
    Parameters parameters();

    /** What its checkpoints are called: the class's name, unless it says otherwise. */
    default String kind() {
        return getClass().getSimpleName();
    }

    /** What a checkpoint has to say so that the model can be made again. */
    default Map<String, String> settings() {
        return Map.of("latentSize", String.valueOf(latentSize()));
    }

    /** Writes the weights, without what only training needs. */
    default void save(Path file) {
        Checkpoint.write(file, kind(), settings(), parameters().named());
    }

    /** @param frames uint8 (batch, 64, 64, 3) */
    Normal encode(NDArray frames);

    /**
     * @param z (batch, latent)
     * @return float32 (batch, 64, 64, 3) in [0, 1]
     */
    NDArray decode(NDArray z);

    /**
     * What {@link VaeLearner} makes small, averaged over the batch: squared error of the picture decoded from a sample of the posterior, summed over
     * pixels and colours, plus the posterior's divergence from N(0, 1), which costs nothing below {@code freeNats} per latent:
     * {@code max(KL, freeNats · latent)} picture by picture, as in Ha and Schmidhuber's code.
     *
     * @param frames uint8 (batch, 64, 64, 3)
     * @param noise  ε of the sample, (batch, latent)
     */
    default VisionLearner.Loss loss(NDArray frames, NDArray noise, float freeNats) {
        Normal posterior = encode(frames);
        NDArray x = frames.toType(DataType.FLOAT32, false).divi(255);
        NDArray reconstruction = TorchOps.times(decode(posterior.sample(noise)).sub(x).square().sum(), 1.0 / frames.getShape().get(0));
        NDArray divergence = TorchOps.atLeast(posterior.divergence(), freeNats * latentSize()).mean();
        return new VisionLearner.Loss(reconstruction.add(divergence), reconstruction, List.of(divergence));
    }

    /**
     * What becomes of frames on their way to z and back: what comes out of each layer, in order, numbered.
     *
     * @param frames uint8 (batch, 64, 64, 3)
     */
    default Map<String, NDArray> walk(NDArray frames) {
        Map<String, NDArray> walk = new LinkedHashMap<>();
        walk.put("step 1: frames", frames);
        walk.put("step 2: mean of z", encode(frames).mean());
        walk.put("step 3: pictures", decode(walk.get("step 2: mean of z")));
        return walk;
    }

    /**
     * Pictures of z that no frame was seen for.
     *
     * @param z           (batch, latent), drawn at this temperature
     * @param temperature times the deviation of whatever else is drawn
     * @param seed        of what else is drawn
     * @return as {@link #decode}
     */
    default NDArray sample(NDArray z, float temperature, long seed) {
        return decode(z);
    }

    /** In how many levels it keeps a frame: z, and groups of latents below it. */
    default int levels() {
        return 1;
    }

    /**
     * Frames decoded from the means of z and of some levels below it.
     *
     * @param frames uint8 (batch, 64, 64, 3)
     * @param below  how many, from above; the others are filled in with the means of their priors
     * @return as {@link #decode}
     */
    default NDArray reconstruct(NDArray frames, int below) {
        return decode(encode(frames).mean());
    }

    /** Logistics that the decoder says for each pixel; 0 where it says a picture. */
    default int mixtures() {
        return 0;
    }

    /**
     * An upper bound on the bits that a colour of a pixel takes, (-ln P of the picture + divergences) / (3 · 64² ln 2); none where the model learned
     * by squared error, which is no likelihood.
     *
     * @param frames uint8 (batch, 64, 64, 3)
     * @param below  how many levels below z are seen, from above; the others are filled in with the means of their priors
     * @param seed   of the sample of the posterior
     */
    default OptionalDouble bitsPerDimension(NDArray frames, int below, long seed) {
        NDArray noise = Noise.normal(frames.getManager(), new Shape(frames.getShape().get(0), latentSize()), seed);
        return Bound.bits(this, loss(frames, noise, 0));
    }

    /** An encoder to act with, for one thread; what the model learns later does not reach it. The caller closes it. */
    default FrameEncoder encoder() {
        return new TensorFrameEncoder(this);
    }

    @Override
    default void close() {
        parameters().close();
    }
}
