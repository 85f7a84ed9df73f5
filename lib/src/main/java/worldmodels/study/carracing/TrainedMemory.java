package worldmodels.study.carracing;

import worldmodels.memory.MdnRnn;
import worldmodels.nn.LearningCurve;
import worldmodels.run.KitException;
import worldmodels.run.Stage;

/** M after its stage; the curve is empty for the untrained M of the ablation, and where a stage was kept without it. */
public record TrainedMemory(MdnRnn model, LearningCurve curve, Stage stage) {

    /**
     * Loss on episodes that it has not learned from, at the end of its training.
     *
     * @throws KitException if it is untrained
     */
    public double validationLoss() {
        String loss = stage.facts().get(TrainedVision.VALIDATION);
        if (loss == null) {
            throw new KitException("This M was not trained, so it has no loss; set memory.trained to true.");
        }
        return Double.parseDouble(loss);
    }
}
