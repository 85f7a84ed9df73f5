package worldmodels.memory;

import java.util.Map;
import worldmodels.run.KitException;
import worldmodels.run.Settings;
import worldmodels.run.Settings.Before;

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
 * @param burnIn       steps at the head of a sequence that begins in the middle of an episode, of which nothing is learned: M's memory there is still of
 *                     nothing; 0
 * @param finalRate    share of the learning rate at the last step, to which it falls evenly; 1
 * @param deviation    z's deviation about its mean, at most: V's own if it is infinite
 * @param unseen       share of the steps at which M is not shown z, in stretches of {@value MdnRnnLoss#STRETCH} on average; 0
 */
public record MdnRnnSettings(int batch, int sequence, int epochs, float learningRate, float clip, float rewardWeight,
        float doneWeight, long seed,
        @Before("0") int burnIn, @Before("1.0") float finalRate, @Before("Infinity") float deviation,
        @Before("0.0") float unseen) {

    /** Leaves something to see. */
    private static final float MOST_UNSEEN = 0.9f;

    public MdnRnnSettings {
        if (batch < 1 || sequence < 1 || epochs < 1 || !(learningRate > 0) || !(clip > 0) || !(rewardWeight >= 0) || !(doneWeight >= 0)) {
            throw new KitException("Training M with batch " + batch + ", sequence " + sequence + ", epochs " + epochs
                    + ", learning rate " + learningRate + ", clip " + clip + ", head weights " + rewardWeight + " and " + doneWeight
                    + " is not possible; the first five must be above 0, the weights not below.");
        }
        if (burnIn < 0 || burnIn >= sequence || !(finalRate > 0 && finalRate <= 1) || !(deviation >= 0)
                || !(unseen >= 0 && unseen <= MOST_UNSEEN)) {
            throw new KitException("Training M with " + burnIn + " of " + sequence + " steps burnt in, a last learning rate of " + finalRate
                    + " of the first, a deviation of z of " + deviation + " and " + unseen + " of the steps without it is not possible; burn in fewer steps "
                    + "than a sequence has, end with a share above 0 and at most 1, give a deviation of 0 or more, and leave out between 0 and " + MOST_UNSEEN + ".");
        }
    }

    /** As the authors train: every step of a sequence counts, the rate stays, z is drawn from all of V's posterior. */
    public MdnRnnSettings(int batch, int sequence, int epochs, float learningRate, float clip, float rewardWeight, float doneWeight, long seed) {
        this(batch, sequence, epochs, learningRate, clip, rewardWeight, doneWeight, seed, 0, 1, Float.POSITIVE_INFINITY, 0);
    }

    /** The learning rate of a step, counted from 0, of {@code steps} in all. */
    float rate(long step, long steps) {
        return finalRate == 1 ? learningRate : (float) (learningRate * (1 - (1 - finalRate) * step / Math.max(1, steps - 1.0)));
    }

    /** What a checkpoint must share with the training that continues it; the number of epochs may grow unless the rate falls with it. */
    Map<String, String> text() {
        Map<String, String> text = Settings.text(this);
        if (finalRate == 1) {
            text.remove("epochs");
        }
        return text;
    }
}
