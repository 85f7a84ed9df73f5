package worldmodels.study.gan;

import java.util.ArrayList;
import java.util.List;
import worldmodels.run.Cost;
import worldmodels.run.Preset;
import worldmodels.run.Settings;
import worldmodels.study.carracing.CarRacingCost;
import worldmodels.study.thesis.ThesisCost;
import worldmodels.study.thesis.ThesisSettings;
import worldmodels.study.thesis.VisionComparison;

/** What this room takes beyond the thesis' comparison, whose agents it shares. */
public final class GanCost {

    /** Of critics and generators, by the reference machine per second, two models side by side. */
    private static final double UPDATES = 1_250;
    private static final List<String> OF_A_CONTENDER = List.of("model.vision", "vision.latent", "env.hud", "objective.likelihood");

    private GanCost() {}

    /** @param speed of this machine; 1 for the reference machine */
    public static List<Cost> stages(Preset preset, double speed) {
        ThesisSettings thesis = Settings.of(preset, ThesisSettings.class);
        List<Preset> there = new ArrayList<>(VisionComparison.compared(preset, thesis.visions(), thesis.latents()));
        there.add(preset);
        List<Preset> others = GanComparison.compared(preset).stream().filter(other -> there.stream().noneMatch(one -> isSame(one, other))).toList();
        List<Cost> stages = new ArrayList<>(ThesisCost.stages(preset, others, "VAE-GAN and the controls", speed));
        PlaneExperiment.Study plane = PlaneExperiment.study(preset);
        long updates = plane.steps() * plane.methods().stream().mapToInt(method -> method.updates(plane.learning())).sum();
        double models = (double) new CarRacingCost(preset, speed).chains() * plane.data().size();
        stages.add(new Cost("GANs on a plane", models * updates, "updates", speed * UPDATES));
        return stages;
    }

    private static boolean isSame(Preset one, Preset other) {
        return OF_A_CONTENDER.stream().allMatch(key -> one.text(key).equals(other.text(key)));
    }
}
