package worldmodels.experiment;

import worldmodels.memory.MdnRnn;
import worldmodels.nn.LearningCurve;

/** M after its stage; the curve is empty for the untrained M of the ablation. */
public record TrainedMemory(MdnRnn model, LearningCurve curve, Stage stage) {}
