package worldmodels.evaluation;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Files;
import java.nio.file.Path;
import worldmodels.nn.Compute;
import worldmodels.nn.TorchScript;
import worldmodels.run.KitException;

/**
 * Features from a network in a TorchScript file: it takes pictures (batch, 3, height, width) with values 0 to 255 and gives
 * (batch, features, ...). The Inception-v3 file that StyleGAN's authors published, with which the literature measures FID, is such a file; it has a
 * switch for features, which is set where a network has one.
 */
public final class TorchScriptFeatures implements FeatureExtractor {

    private static final String INCEPTION = "inception-2015-12-05.pt";

    private final String name;
    private final TorchScript network;
    private final boolean hasSwitch;

    /** @throws KitException if the file is missing or its network does not take a picture */
    public TorchScriptFeatures(Path file) {
        if (!Files.exists(file)) {
            throw new KitException("There is no feature network " + file + "; for an FID that can be compared with the literature's, download "
                    + INCEPTION + " (NVIDIA's StyleGAN3 repository names its address) and give its path.");
        }
        name = "features of " + file.getFileName();
        network = TorchScript.read(file);
        hasSwitch = takesSwitch(file);
    }

    private boolean takesSwitch(Path file) {
        try (NDManager scratch = Compute.newManager()) {
            NDArray grey = scratch.full(new Shape(1, 3, 64, 64), 128f);
            try {
                network.call(scratch, grey, true);
                return true;
            } catch (EngineException e) {
                // It has no second argument, or does not take a picture at all.
            }
            try {
                network.call(scratch, grey);
                return false;
            } catch (EngineException e) {
                throw new KitException("The network in " + file + " does not take one picture (1, 3, 64, 64); give one that returns features "
                        + "of pictures.", e);
            }
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public NDArray features(NDArray pictures) {
        NDArray planes = pictures.transpose(0, 3, 1, 2).toType(DataType.FLOAT32, false);
        NDManager manager = pictures.getManager();
        NDArray features = (hasSwitch ? network.call(manager, planes, true) : network.call(manager, planes)).singletonOrThrow();
        return features.reshape(features.getShape().get(0), -1);
    }

    /** The network lives as long as the process. */
    @Override
    public void close() {}
}
