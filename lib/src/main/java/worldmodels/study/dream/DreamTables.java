package worldmodels.study.dream;

import static worldmodels.report.Numbers.format;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import worldmodels.evaluation.Summary;
import worldmodels.report.Columns;
import worldmodels.report.ComparisonTable;
import worldmodels.report.Numbers;
import worldmodels.report.Published;
import worldmodels.report.PublishedNumbers;
import worldmodels.report.ResultTable;
import worldmodels.run.Preset;
import worldmodels.run.Settings;
import worldmodels.study.carracing.RoundSettings;
import worldmodels.study.dream.DreamExperiment.Outcome;
import worldmodels.vision.VisionKind;

/** Tables of agents that were trained in a dream. */
public final class DreamTables {

    private DreamTables() {}

    /** Virtual and actual scores by temperature, as the paper has them for Doom. */
    public static ResultTable temperatures(Collection<Outcome> outcomes, Outcome chosen, Preset preset) {
        Columns columns = new Columns("temperature", "in the dream", "SD in the dream", "on selection tracks", "in reality", "SD in reality", "n", "chosen");
        for (Outcome outcome : outcomes) {
            Summary dream = outcome.inDream().summary();
            Summary reality = outcome.inReality().summary();
            columns.add(format("%.2f", outcome.temperature()), interval(dream), Numbers.text(dream.sd()),
                    Numbers.text(outcome.onSelection().summary().mean()), interval(reality), Numbers.text(reality.sd()), String.valueOf(reality.n()),
                    outcome.temperature() == chosen.temperature() ? "yes" : "");
        }
        return columns.table("CarRacing: C evolved in M's dream at each temperature, in dreams of " + preset.text("dream.horizon")
                + " steps and on unseen real tracks, preset " + preset.name());
    }

    /** The thesis' table 2, in both readings of "score in the dream". */
    public static ResultTable thesis(Map<VisionKind, Outcome> chosen, Preset preset) {
        PublishedNumbers published = PublishedNumbers.of("world-models");
        ComparisonTable table = new ComparisonTable("The thesis' table 2, CarRacing: agents trained in the dream, preset " + preset.name());
        for (Map.Entry<VisionKind, Outcome> row : chosen.entrySet()) {
            Published number = published.number(row.getKey().name().equals("NVAE") ? "thesis-dream-nvae" : "thesis-dream-wm");
            String run = format("%s, temperature %.2f, %s", preset.name(), row.getValue().temperature(), row.getValue().stage().key());
            table = table.with(row.getKey().label() + ", return inside the dream (horizon " + preset.text("dream.horizon") + ")", row.getValue().inDream().summary(), number, run);
            table = table.with(row.getKey().label() + ", the same agent in the real environment", row.getValue().inReality().summary(), number, run);
        }
        return table.table();
    }

    /** What each round of iterative training added. */
    public static ResultTable rounds(List<IterativeTraining.Round> rounds, Preset preset) {
        Columns columns = new Columns("round", "episodes recorded by", "episodes", "frames in all", "road they covered", "M's surprise (nats)",
                "in the dream", "on selection tracks", "in reality", "SD", "n", "chosen");
        IterativeTraining.Round chosen = IterativeTraining.chosen(rounds);
        String recorder = Settings.of(preset, RoundSettings.class).curiosity() == 0 ? "the agent of round " : "the explorer of round ";
        for (IterativeTraining.Round round : rounds) {
            Summary reality = round.outcome().inReality().summary();
            columns.add(String.valueOf(round.number()), round.number() == 1 ? "random driving" : recorder + (round.number() - 1),
                    format("%,d", round.recorded()), format("%,d", round.frames()), format("%.1f %%", 100 * round.tileShare()), format("%.3f", round.surprise()),
                    interval(round.outcome().inDream().summary()), Numbers.text(round.outcome().onSelection().summary().mean()), interval(reality),
                    Numbers.text(reality.sd()), String.valueOf(reality.n()), round.equals(chosen) ? "yes" : "");
        }
        return columns.table("Iterative training: agents trained in dreams of temperature " + preset.text("rounds.temperature")
                + ", on unseen real tracks, preset " + preset.name());
    }

    /** How well M's heads are calibrated, in figures. */
    public static ResultTable heads(DreamCheck check) {
        Columns columns = new Columns("head", "expected on the whole", "came on the whole", "calibration error", "steps");
        columns.add("reward of the next step", format("%.4f", check.reward().overall().predicted()), format("%.4f", check.reward().overall().actual()),
                format("%.4f", check.reward().error()), format("%,d", check.reward().overall().count()));
        columns.add("end of the episode", format("%.6f", check.end().overall().predicted()), format("%.6f", check.end().overall().actual()),
                format("%.6f", check.end().error()), format("%,d", check.end().overall().count()));
        return columns.table("M's heads on unseen episodes, one step ahead");
    }

    private static String interval(Summary s) {
        return format("%.1f [%.1f, %.1f]", s.mean(), s.low(), s.high());
    }
}
