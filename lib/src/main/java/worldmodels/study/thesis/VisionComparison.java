package worldmodels.study.thesis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import worldmodels.controller.Features;
import worldmodels.evaluation.Evaluation;
import worldmodels.run.KitException;
import worldmodels.run.Preset;
import worldmodels.run.Progress;
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

        /** Its C of each of the comparison's training seeds on the test tracks. */
        public Evaluation evaluation(Progress progress) {
            return experiment.evaluation(Features.Z_H, progress);
        }
    }

    private final List<Contender> contenders = new ArrayList<>();

    /** What the experiment's preset compares: each size in {@code thesis.latents}, each V in {@code thesis.visions}, {@code thesis.seeds} training seeds of C. */
    public VisionComparison(CarRacingExperiment experiment) {
        this(experiment, latents(experiment.preset()));
    }

    private VisionComparison(CarRacingExperiment experiment, int... latents) {
        Preset preset = experiment.preset();
        for (int latent : latents) {
            for (VisionKind kind : visions(preset)) {
                Preset own = preset.with("model.vision", kind.name()).with("vision.latent", String.valueOf(latent))
                        .with("evaluation.seeds", preset.text("thesis.seeds"));
                contenders.add(new Contender(kind, latent, experiment.beside(own)));
            }
        }
    }

    /** Each V at the preset's own size of z. */
    public static VisionComparison atOwnSize(CarRacingExperiment experiment) {
        return new VisionComparison(experiment, experiment.preset().integer("vision.latent"));
    }

    /** The V that are compared, {@code thesis.visions}. */
    public static List<VisionKind> visions(Preset preset) {
        return Arrays.stream(preset.text("thesis.visions").split(",")).map(name -> VisionModels.named(name.strip())).toList();
    }

    /** The sizes of z that are compared. */
    public static int[] latents(Preset preset) {
        try {
            return Arrays.stream(preset.text("thesis.latents").split(",")).map(String::strip).mapToInt(Integer::parseInt).toArray();
        } catch (NumberFormatException e) {
            throw new KitException("Setting thesis.latents must be whole numbers like '32, 64', not '" + preset.text("thesis.latents") + "'.", e);
        }
    }

    /** For each size every V, in the preset's order. */
    public List<Contender> contenders() {
        return List.copyOf(contenders);
    }

    @Override
    public void close() {
        contenders.forEach(contender -> contender.experiment().close());
    }
}
