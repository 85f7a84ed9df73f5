package worldmodels.study.dream;

import worldmodels.memory.MdnRnnSettings;
import worldmodels.run.Settings.Above;
import worldmodels.run.Settings.Before;
import worldmodels.run.Settings.Least;
import worldmodels.run.Settings.Most;
import worldmodels.run.Settings.Section;

/**
 * How the M of dreams is trained, beside what every M's training says.
 *
 * @param deviation    of z about its mean, at most; what the agent is shown in reality is the mean, or a draw from all of V's posterior
 * @param rewardWeight of the reward's squared error beside the mean over z of its log-likelihood; 1 / z weighs it as one more number of z
 * @param batch        sequences per step; 0 as many as any M's
 * @param burnIn       steps of a sequence from the middle of an episode that only fill M's memory
 * @param finalRate    share of the learning rate that is left at the end
 * @param unseen       share of the steps at which M is not shown z, so that it has to know what actions lead to
 */
@Section("dream")
record DreamMemorySettings(@Before("Infinity") @Least(0) float deviation, @Before("1") @Least(0) float rewardWeight, @Before("0") @Least(0) int batch,
                           @Before("0") @Least(0) int burnIn, @Before("1") @Above(0) @Most(1) float finalRate,
                           @Before("0") @Least(0) @Most(0.9) float unseen) {

    /**
     * How the M of a later round goes on.
     *
     * @param memoryEpochs how often
     * @param sequence     steps of a sequence; 0 as in the first round
     * @param learningRate at the beginning of the round
     * @param recent       least share of the round's own episodes in what is shown
     */
    @Section("rounds")
    record Continued(@Least(1) int memoryEpochs, @Before("0") @Least(0) int sequence, @Before("0.001") @Above(0) float learningRate,
                     @Before("0") @Least(0) @Most(0.9) double recent) {}

    MdnRnnSettings first(MdnRnnSettings as) {
        return of(as, as.sequence(), as.learningRate());
    }

    MdnRnnSettings continued(MdnRnnSettings as, Continued more) {
        return of(as, more.sequence == 0 ? as.sequence() : more.sequence, more.learningRate);
    }

    private MdnRnnSettings of(MdnRnnSettings as, int sequence, float learningRate) {
        return new MdnRnnSettings(batch == 0 ? as.batch() : batch, sequence, as.epochs(), learningRate, as.clip(), rewardWeight, as.doneWeight(), as.seed(), burnIn, finalRate,
                deviation, unseen);
    }
}
