package worldmodels.experiment;

import worldmodels.nn.LearningCurve;
import worldmodels.vision.VisionModel;

/** V after its stage, with how the training went. */
public record TrainedVision(VisionModel model, LearningCurve curve, Stage stage) {}
