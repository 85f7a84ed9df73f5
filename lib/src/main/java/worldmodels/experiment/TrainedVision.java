package worldmodels.experiment;

import worldmodels.nn.LearningCurve;
import worldmodels.vision.ConvVae;

/** V after its stage, with how the training went. */
public record TrainedVision(ConvVae model, LearningCurve curve, Stage stage) {}
