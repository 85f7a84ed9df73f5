package worldmodels.agent;

import java.nio.ByteBuffer;
import worldmodels.controller.Controller;
import worldmodels.run.KitException;

/** Controllers whose features are what the environment shows, float32: [z h] in a dream, the state where no picture is drawn. */
public final class FeaturePolicy extends PopulationPolicy {

    private final float[] features;
    private final int bytes;

    /**
     * @param observed length of an observation; a controller of fewer features sees its beginning
     * @param lanes    episodes at once
     * @throws KitException if the controller takes more features than are observed
     */
    public FeaturePolicy(Controller controller, int observed, int lanes) {
        super(controller, lanes);
        if (controller.featureSize() > observed) {
            throw new KitException("The controller takes " + controller.featureSize() + " features, the environment shows " + observed
                    + "; make it for no more than those.");
        }
        this.features = new float[controller.featureSize()];
        this.bytes = observed * Float.BYTES;
    }

    @Override
    public void act(ByteBuffer observations, boolean[] active, double[] actions) {
        for (int lane = 0; lane < lanes(); lane++) {
            if (active[lane]) {
                observations.slice(lane * bytes, bytes).order(observations.order()).asFloatBuffer().get(features);
                act(lane, features, 0, actions);
            }
        }
    }
}
