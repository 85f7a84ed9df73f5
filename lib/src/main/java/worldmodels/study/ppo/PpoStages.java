package worldmodels.study.ppo;

import java.util.List;
import java.util.SortedMap;
import worldmodels.rl.PpoSettings;
import worldmodels.run.Preset;
import worldmodels.run.Settings;
import worldmodels.run.Settings.Least;
import worldmodels.run.Settings.Section;
import worldmodels.run.Stage;
import worldmodels.study.carracing.CarRacingExperiment;
import worldmodels.study.carracing.Driving;
import worldmodels.study.carracing.Road;

/** The stages of PPO's study: what decides the result of each. */
final class PpoStages {

    /** How many test tracks. */
    @Section("evaluation")
    record Tracks(@Least(1) int tracks) {}

    private PpoStages() {}

    /** Of a row's training. On z and h it is M's that decides the road. */
    static Stage learning(CarRacingExperiment chain, PpoRow row) {
        Preset preset = PpoStudy.of(chain.preset(), row);
        SortedMap<String, String> settings = Settings.text(preset, PpoSettings.class, PpoStudy.Driven.class);
        settings.putAll(row.isOfPixels() ? Settings.text(preset, Road.class) : Settings.text(preset, Driving.class));
        if (row.isOfPixels()) {
            settings.put("ppo.pixels.stack", preset.text("ppo.pixels.stack"));
        }
        settings.put("network", row.network().name());
        settings.put("training seed", preset.text("seed"));
        return chain.stage("ppo-" + row.word() + "-" + preset.text("seed"), settings, row.isOfPixels() ? List.of() : List.of(chain.memoryStage()));
    }

    /** Of its test drives. */
    static Stage evaluation(CarRacingExperiment chain, PpoRow row) {
        return chain.stage("ppo-evaluation-" + row.word() + "-" + chain.preset().text("seed"), Settings.text(chain.preset(), Tracks.class),
                List.of(learning(chain, row)));
    }
}
