package worldmodels.memory;

import java.util.Map;
import worldmodels.run.KitException;
import worldmodels.run.Settings;

/**
 * How M is trained. The authors' paper says 20 epochs; their code takes 4,000 steps of 100 episodes out of 10,000, which is 40. Both clip
 * each gradient component to ±1 and keep Adam's rate at 0.001 (the code's decay factor is 1).
 *
 * @param batch        sequences per step; 100
 * @param sequence     steps to predict per sequence; 999
 * @param epochs       how often each sequence is seen
 * @param learningRate of Adam; 0.001
 * @param clip         bound of each gradient component; 1
 * @param rewardWeight of the reward's squared error in the loss, if the model has that head
 * @param doneWeight   of the end's cross-entropy in the loss, if the model has that head
 * @param seed         of the order of sequences and of the noise that z is drawn with
 */
public record MdnRnnSettings(int batch, int sequence, int epochs, float learningRate, float clip, float rewardWeight,
        float doneWeight, long seed) {

    public MdnRnnSettings {
        if (batch < 1 || sequence < 1 || epochs < 1 || !(learningRate > 0) || !(clip > 0) || !(rewardWeight >= 0) || !(doneWeight >= 0)) {
            throw new KitException("Training M with batch " + batch + ", sequence " + sequence + ", epochs " + epochs
                    + ", learning rate " + learningRate + ", clip " + clip + ", head weights " + rewardWeight + " and " + doneWeight
                    + " is not possible; the first five must be above 0, the weights not below.");
        }
    }

    /** What a checkpoint must share with the training that continues it; the number of epochs may grow. */
    Map<String, String> text() {
        Map<String, String> text = Settings.text(this);
        text.remove("epochs");
        return text;
    }
}
