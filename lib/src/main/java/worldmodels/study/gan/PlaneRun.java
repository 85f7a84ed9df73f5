package worldmodels.study.gan;

import java.util.List;
import worldmodels.nn.LearningCurve;
import worldmodels.run.Stage;
import worldmodels.vision.plane.PlaneData;
import worldmodels.vision.plane.PlaneMethod;

/**
 * How a model came to know some data.
 *
 * @param says     what its critic said, mean since the look before
 * @param distance exact Wasserstein distance of its points from data, at each look
 * @param looks    in the order of their steps
 */
public record PlaneRun(PlaneData data, PlaneMethod method, long seed, LearningCurve says, LearningCurve distance, List<PlaneLook> looks, Stage stage) {

    /** {@code WGAN-GP on swiss roll}. */
    public String label() {
        return method.label() + " on " + data.label();
    }
}
