package worldmodels.memory;

import ai.djl.ndarray.NDManager;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import worldmodels.nn.Adam;
import worldmodels.nn.Checkpoint;
import worldmodels.nn.Gradients;
import worldmodels.nn.Learner;
import worldmodels.nn.Seeds;
import worldmodels.nn.Terms;
import worldmodels.nn.Training;
import worldmodels.run.KitException;

/** M that learns from encoded episodes with Adam; order and noise depend on the seed and the step alone. */
public final class MdnRnnLearner implements Learner {

    static final String KIND = "MdnRnnTraining";

    private final MdnRnn model;
    private final MdnRnnSettings settings;
    private final LatentSequences training;
    private final List<LatentBatch> validation;
    private final Adam adam;

    /**
     * @param model      what is trained, in place
     * @param validation episodes that are never trained on; none leaves the validation loss out
     * @throws KitException if M is for other episodes
     */
    public MdnRnnLearner(MdnRnn model, List<LatentEpisode> training, List<LatentEpisode> validation, MdnRnnSettings settings) {
        this.model = model;
        this.settings = settings;
        this.training = new LatentSequences(training, settings.sequence(), settings.burnIn(), settings.batch(), settings.seed());
        if (this.training.latent() != model.shape().latent() || this.training.actions() != model.shape().actions()) {
            throw new KitException("The episodes have " + this.training.latent() + " latents and " + this.training.actions()
                    + " actions, M has " + model.shape().latent() + " and " + model.shape().actions()
                    + "; make M for the V that encoded them.");
        }
        this.validation = validation.isEmpty() ? List.of()
                : new LatentSequences(validation, settings.sequence(), settings.burnIn(), settings.batch(), settings.seed()).all();
        this.adam = new Adam(model.parameters(), settings.learningRate());
    }

    /** All epochs, with a point of the curve and a checkpoint after each. */
    public Training.Rhythm rhythm() {
        long epoch = training.batchesPerEpoch();
        return new Training.Rhythm(steps(), epoch, epoch);
    }

    private long steps() {
        return settings.epochs() * training.batchesPerEpoch();
    }

    @Override
    public String work() {
        return "MDN-RNN training";
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Map<String, String> settings() {
        Map<String, String> all = new LinkedHashMap<>(model.settings());
        all.putAll(settings.text());
        return all;
    }

    @Override
    public Terms update(long step) {
        try (NDManager scratch = model.parameters().manager().newSubManager(); Gradients.Tape tape = Gradients.record()) {
            MdnRnnLoss loss = MdnRnnLoss.of(model, scratch, training.batch(step), settings, Seeds.named(settings.seed(), "memory noise", step));
            Terms terms = Terms.of("negative log-likelihood", loss.likelihood());
            terms = model.shape().reward() ? terms.and("squared error of the reward", loss.reward()) : terms;
            terms = model.shape().done() ? terms.and("cross-entropy of the end", loss.done()) : terms;
            tape.backward(loss.outputs(), loss.gradient());
            Gradients.requireFinite(model.parameters());
            Gradients.clipByValue(model.parameters(), settings.clip());
            adam.learningRate(settings.rate(step, steps()));
            adam.step();
            return terms.loss(loss.total());
        }
    }

    @Override
    public Terms measure(long step, Terms means) {
        return validation.isEmpty() ? Terms.NONE : Terms.NONE.loss(validationLoss());
    }

    /** @return the mean loss over all validation sequences, z drawn with the same noise each time; not a number if there are none */
    public double validationLoss() {
        double sum = 0;
        double weight = 0;
        for (int i = 0; i < validation.size(); i++) {
            LatentBatch batch = validation.get(i);
            try (NDManager scratch = model.parameters().manager().newSubManager(); Gradients.Pause pause = Gradients.pause()) {
                long noise = Seeds.named(settings.seed(), "memory validation noise", i);
                MdnRnnLoss loss = MdnRnnLoss.of(model, scratch, batch, settings, noise);
                sum += loss.total() * batch.weightSum();
                weight += batch.weightSum();
            }
        }
        return sum / weight;
    }

    @Override
    public void save(Checkpoint.Draft draft) {
        draft.put(model.parameters()).put(adam);
    }

    @Override
    public void restore(Checkpoint found) {
        found.copyInto(model.parameters());
        adam.restore(found);
    }

    @Override
    public void close() {
        adam.close();
    }
}
