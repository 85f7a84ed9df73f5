package worldmodels.study.thesis;

import java.util.ArrayList;
import java.util.List;
import worldmodels.controller.Features;
import worldmodels.evaluation.Evaluation;
import worldmodels.run.Preset;
import worldmodels.run.Progress;
import worldmodels.run.Settings;
import worldmodels.study.carracing.CarRacingExperiment;
import worldmodels.vision.VisionKind;
import worldmodels.vision.VisionModels;

/**
 * The thesis' comparison (its table 1): agents on z and h that differ in V and in the size of z, and in nothing else. They share the recorded
 * frames; M and C are trained for each with the same budget.
 */
public final class VisionComparison implements AutoCloseable {

    /**
     * One of them.
     *
     * @param vision     its V
     * @param latent     numbers in z
     * @param experiment the preset with both set
     */
    public record Contender(VisionKind vision, int latent, CarRacingExperiment experiment) {

        /** {@code NVAE, z 64}. */
        public String label() {
            return vision.label() + ", z " + latent;
        }

        /** Its C of each chain on the test tracks. */
        public Evaluation evaluation(Progress progress) {
            return experiment.evaluation(Features.Z_H, progress);
        }
    }

    private final List<Contender> contenders;

    /** What the experiment's preset compares: each size in {@code thesis.latents}, each V in {@code thesis.visions}. */
    public VisionComparison(CarRacingExperiment experiment) {
        this(experiment, compared(experiment.preset()));
    }

    private VisionComparison(CarRacingExperiment experiment, List<Preset> compared) {
        contenders = compared.stream().map(own -> new Contender(VisionModels.of(own), own.integer("vision.latent"), experiment.beside(own))).toList();
    }

    /** Each V at the preset's own size of z. */
    public static VisionComparison atOwnSize(CarRacingExperiment experiment) {
        Preset preset = experiment.preset();
        return new VisionComparison(experiment, compared(preset.with("thesis.latents", preset.text("vision.latent"))));
    }

    /** The preset of each contender: for each size every V, in the preset's order. */
    static List<Preset> compared(Preset preset) {
        ThesisSettings settings = Settings.of(preset, ThesisSettings.class);
        List<Preset> compared = new ArrayList<>();
        for (int latent : settings.latents()) {
            for (VisionKind kind : settings.visions()) {
                compared.add(preset.with("model.vision", kind.name()).with("vision.latent", String.valueOf(latent)));
            }
        }
        return compared;
    }

    /** In the order of {@link #compared}. */
    public List<Contender> contenders() {
        return contenders;
    }

    @Override
    public void close() {
        contenders.forEach(contender -> contender.experiment().close());
    }
}
