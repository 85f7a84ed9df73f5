package worldmodels.study.gan;

import java.util.ArrayList;
import java.util.List;
import worldmodels.run.Preset;
import worldmodels.run.Settings;
import worldmodels.study.carracing.CarRacingExperiment;
import worldmodels.study.thesis.VisionComparison;
import worldmodels.vision.VisionKind;

/** The course's question: agents that differ in V alone, with two controls that say what a V can be worth at all. */
public final class GanComparison {

    private GanComparison() {}

    /** The preset's V's and its controls; the caller closes it. */
    public static VisionComparison of(CarRacingExperiment experiment) {
        return new VisionComparison(experiment, compared(experiment.preset()));
    }

    /** One V more, in the preset's own size: a V of one's own. */
    public static VisionComparison of(CarRacingExperiment experiment, VisionKind kind) {
        return new VisionComparison(experiment, atOwnSize(experiment.preset(), List.of(kind)));
    }

    static List<Preset> compared(Preset preset) {
        GanSettings settings = Settings.of(preset, GanSettings.class);
        List<Preset> compared = new ArrayList<>(VisionComparison.compared(preset, settings.visions(), settings.latents()));
        compared.addAll(atOwnSize(preset, settings.controls()));
        return compared;
    }

    private static List<Preset> atOwnSize(Preset preset, List<VisionKind> kinds) {
        return VisionComparison.compared(preset, kinds, List.of(preset.integer("vision.latent")));
    }
}
