package worldmodels.study.carracing;

import java.util.Map;
import worldmodels.nn.LearningCurve;
import worldmodels.run.Stage;
import worldmodels.vision.VisionModel;

/** V after its stage, with how the training went; the curve is empty where a stage was kept without it. */
public record TrainedVision(VisionModel model, LearningCurve curve, Stage stage) {

    static final String VALIDATION = "validation";

    /** What a finished training is remembered by. */
    static Map<String, String> facts(LearningCurve curve) {
        return Map.of("training", String.valueOf(curve.last().training()), VALIDATION, String.valueOf(curve.last().validation()));
    }

    /** The curve of one term of its training; empty where a stage was kept without it. */
    public LearningCurve curve(String term) {
        return LearningCurve.of(stage.file(Vision.FILE), term);
    }

    /** Loss of a frame that it has not learned from, at the end of its training. */
    public double validationLoss() {
        return Double.parseDouble(stage.facts().get(VALIDATION));
    }
}
