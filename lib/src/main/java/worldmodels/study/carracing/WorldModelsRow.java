package worldmodels.study.carracing;

import java.util.List;
import worldmodels.agent.LatentChoice;
import worldmodels.controller.Features;
import worldmodels.evaluation.Evaluation;
import worldmodels.run.Preset;
import worldmodels.run.Progress;
import worldmodels.run.Stage;

/** The rows of the World Models table: what the agent sees, and what is taken from it. Each has all chains of its experiment behind it. */
public enum WorldModelsRow {

    Z(Features.Z, "z"),
    Z_HIDDEN(Features.Z_HIDDEN, "z-hidden"),
    Z_H(Features.Z_H, "zh"),

    /** After the {@link LatePhase}, where that was a gain. */
    LATE(Features.Z_H, "zh"),

    /** h of an M with its first weights still tells where the car has been: a reservoir. */
    UNTRAINED_M(Features.Z_H, "ctallec-untrained"),

    /** Nothing but C has learned. V's z is brought to unit variance ({@code RANDOM_ENCODER}): a first layer as it is says numbers that hardly move. */
    UNTRAINED_V_AND_M(Features.Z_H, ""),

    /** C sees samples of z where the preset gives it the mean, the mean where the preset gives it samples. */
    OTHER_LATENT(Features.Z_H, "");

    private final Features features;
    private final String published;

    WorldModelsRow(Features features, String published) {
        this.features = features;
        this.published = published;
    }

    public Features features() {
        return features;
    }

    /** The number of {@code results/published/world-models.csv} that stands beside it; empty where there is none. */
    String published() {
        return published;
    }

    public String label(Preset preset) {
        return switch (this) {
            case Z, Z_HIDDEN, Z_H -> features.label();
            case LATE -> features.label() + ", late phase";
            case UNTRAINED_M -> features.label() + ", untrained M";
            case UNTRAINED_V_AND_M -> features.label() + ", untrained V and M";
            case OTHER_LATENT -> features.label() + (isMean(preset) ? ", samples of z" : ", mean of z");
        };
    }

    /** The experiment's preset with what the row changes. */
    Preset of(Preset preset) {
        return switch (this) {
            case Z, Z_HIDDEN, Z_H, LATE -> preset;
            case UNTRAINED_M -> preset.with("memory.trained", "false");
            case UNTRAINED_V_AND_M -> preset.with("memory.trained", "false").with("model.vision", "RANDOM_ENCODER");
            case OTHER_LATENT -> preset.with("agent.latent", (isMean(preset) ? LatentChoice.SAMPLED : LatentChoice.MEAN).name());
        };
    }

    private static boolean isMean(Preset preset) {
        return preset.text("agent.latent").equalsIgnoreCase(LatentChoice.MEAN.name());
    }

    /** On the test tracks. */
    Evaluation evaluation(CarRacingExperiment experiment, Progress progress) {
        return this == LATE ? experiment.lateEvaluation(features, progress) : experiment.evaluation(features, progress);
    }

    List<Stage> stages(CarRacingExperiment experiment) {
        return this == LATE ? experiment.lateStages(features) : experiment.evaluationStages(features);
    }
}
