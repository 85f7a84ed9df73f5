package worldmodels.study;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import worldmodels.run.Cost;
import worldmodels.run.Preset;
import worldmodels.run.Settings;
import worldmodels.run.Settings.Least;
import worldmodels.run.Settings.Section;
import worldmodels.study.carracing.CarRacingCost;
import worldmodels.study.dream.DreamCost;
import worldmodels.study.gan.GanCost;
import worldmodels.study.panda.PandaCost;
import worldmodels.study.planet.PlanetCost;
import worldmodels.study.ppo.PpoCost;
import worldmodels.study.thesis.ThesisCost;
import worldmodels.study.thesis.ThesisSettings;

/**
 * What a preset will cost before it starts: what each room says of itself, added up.
 *
 * @param stages the stages in order
 * @param disk   bytes that recorded episodes take
 * @param budget seconds that the preset promises to stay within; empty where it promises nothing
 */
public record PredictedCost(List<Cost> stages, long disk, Optional<Double> budget) {

    /**
     * What a run needs.
     *
     * @param cores  that the prediction counts on
     * @param memory GB that the launcher demands
     * @param disk   GB of free disk that it demands
     * @param hours  that the run promises to stay within; 0 promises nothing
     */
    @Section("budget")
    record Budget(@Least(1) int cores, @Least(0) double memory, @Least(0) double disk, @Least(0) double hours) {}

    /** @param speed of this machine ({@link MachineSpeed}); 1 for the reference machine */
    public static PredictedCost of(Preset preset, double speed) {
        CarRacingCost racing = new CarRacingCost(preset, speed);
        int visions = Settings.of(preset, ThesisSettings.class).visions().size();
        List<Cost> stages = Stream.of(racing.stages(), ThesisCost.stages(preset, speed), DreamCost.stages(preset, visions, speed),
                PlanetCost.stages(preset, speed), PandaCost.stages(preset, speed), PandaCost.worldModel(preset, speed),
                PpoCost.stages(preset, speed), GanCost.stages(preset, speed)).flatMap(List::stream).toList();
        double hours = Settings.of(preset, Budget.class).hours;
        return new PredictedCost(stages, Math.round(racing.disk() + PlanetCost.disk(preset)), hours > 0 ? Optional.of(3600 * hours) : Optional.empty());
    }

    public double seconds() {
        return stages.stream().mapToDouble(Cost::seconds).sum();
    }

    /** Whether the prediction is beyond what the preset promises. */
    public boolean exceedsBudget() {
        return budget.isPresent() && seconds() > budget.get();
    }
}
