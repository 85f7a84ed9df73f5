package worldmodels.study.dream;

import static worldmodels.report.Numbers.format;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import worldmodels.evaluation.Evaluation;
import worldmodels.evaluation.Summary;
import worldmodels.evaluation.TestEpisode;
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
import worldmodels.study.dream.IterativeTraining.Round;
import worldmodels.vision.VisionKind;

/** Tables of agents that were trained in a dream. */
public final class DreamTables {

    private DreamTables() {}

    /** Virtual and actual scores by temperature, as the paper has them for Doom. */
    public static ResultTable temperatures(Collection<Outcome> outcomes, Outcome chosen, Preset preset) {
        Columns columns = new Columns("temperature", "in the dream", "SD in the dream", "a step", "on selection tracks", "in reality", "SD in reality", "a real step",
                "n", "k", "chosen");
        for (Outcome outcome : outcomes) {
            Summary dream = outcome.inDream().summary();
            Summary reality = outcome.inReality().summary();
            columns.add(format("%.2f", outcome.temperature()), interval(dream), Numbers.text(dream.sd()), aStep(outcome.inDream()),
                    Numbers.text(outcome.onSelection().summary().mean()), interval(reality), Numbers.text(reality.sd()), aStep(outcome.inReality()),
                    String.valueOf(reality.n()), String.valueOf(reality.k()), outcome.temperature() == chosen.temperature() ? "yes" : "");
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
            String run = format("%s, temperature %.2f, %s", preset.name(), row.getValue().temperature(), row.getValue().stages().getFirst().key());
            table = table.with(row.getKey().label() + ", return inside the dream (horizon " + preset.text("dream.horizon") + ")", row.getValue().inDream().summary(), number, run);
            table = table.with(row.getKey().label() + ", the same agent in the real environment", row.getValue().inReality().summary(), number, run);
        }
        return table.table();
    }

    /** What each round of iterative training added, the chains' together, and what the rounds are worth that each chain's selection tracks chose. */
    public static ResultTable rounds(SortedMap<Long, List<Round>> chains, Preset preset) {
        Columns columns = new Columns("round", "episodes recorded by", "episodes", "frames in all", "road they covered", "M's surprise (nats)",
                "in the dream", "a step", "on selection tracks", "in reality", "SD", "a real step", "n", "k", "chosen by");
        String recorder = Settings.of(preset, RoundSettings.class).curiosity() == 0 ? "the agents of round " : "the explorers of round ";
        int count = chains.firstEntry().getValue().size();
        for (int i = 0; i < count; i++) {
            int number = i + 1;
            List<Round> all = chains.values().stream().map(rounds -> rounds.get(number - 1)).toList();
            long choosing = chains.values().stream().filter(rounds -> IterativeTraining.chosen(rounds).number() == number).count();
            columns.add(row(List.of(String.valueOf(number), number == 1 ? "random driving" : recorder + (number - 1),
                    format("%,d", all.stream().mapToInt(Round::recorded).sum()), format("%,d", all.stream().mapToLong(Round::frames).sum()),
                    format("%.1f %%", 100 * mean(all, Round::tileShare)), format("%.3f", mean(all, Round::surprise))),
                    Outcome.together(all.stream().map(Round::outcome).toList()), choosing == 0 ? "" : choosing + " of " + chains.size()));
        }
        if (chains.size() > 1) {
            chains.forEach((seed, rounds) -> {
                Round chosen = IterativeTraining.chosen(rounds);
                columns.add(row(List.of("chain " + seed + ", round " + chosen.number(), "", "", "", "", ""), chosen.outcome(), ""));
            });
        }
        columns.add(row(List.of("each chain's choice", "", "", "", "", ""), IterativeTraining.chosen(chains), ""));
        return columns.table("Iterative training: agents trained in dreams of temperature " + preset.text("rounds.temperature") + " and "
                + preset.text("dream.horizon") + " steps, on unseen real tracks, preset " + preset.name());
    }

    private static List<String> row(List<String> head, Outcome outcome, String chosen) {
        Summary reality = outcome.inReality().summary();
        return Stream.concat(head.stream(), Stream.of(interval(outcome.inDream().summary()), aStep(outcome.inDream()),
                Numbers.text(outcome.onSelection().summary().mean()), interval(reality), Numbers.text(reality.sd()), aStep(outcome.inReality()),
                String.valueOf(reality.n()), String.valueOf(reality.k()), chosen)).toList();
    }

    private static double mean(List<Round> rounds, ToDoubleFunction<Round> of) {
        return rounds.stream().mapToDouble(of).average().orElseThrow();
    }

    /** Agents that were trained in a dream of CarRacing and then drove, here and elsewhere; what each had learned from stands in its row. */
    public static ResultTable dreamToReal(SortedMap<Long, List<Round>> chains, Preset preset) {
        String run = preset.name() + ", " + IterativeTraining.chosen(chains).stages().getFirst().key();
        Outcome first = Outcome.together(chains.values().stream().map(rounds -> rounds.getFirst().outcome()).toList());
        ComparisonTable table = new ComparisonTable("From the dream to reality, CarRacing: no frame and no reward of reality was seen by C, preset "
                + preset.name() + ". DropoutsDreamLand: the best of many evaluations, tracks of 289 tiles, M's episodes for nine tenths of an expert that was trained in reality")
                .with("M knows random driving", first.inReality().summary(), run)
                .with("M also knows its own agents' driving, round chosen on selection tracks", IterativeTraining.chosen(chains).inReality().summary(), run);
        for (Published published : PublishedNumbers.of("dream-to-real").all()) {
            table = table.with(published);
        }
        return table.table();
    }

    /** Whether a dream has a road: a car that circles. */
    public static ResultTable circling(DreamExperiment.Circling circling, Preset preset) {
        Columns columns = new Columns("wheels half to the left, a tenth of the gas", "return", "SD", "n");
        for (Map.Entry<String, Summary> place : List.of(Map.entry("in the dream", circling.inDream().summary()), Map.entry("in reality", circling.inReality().summary()))) {
            Summary of = place.getValue();
            columns.add(place.getKey(), interval(of), Numbers.text(of.sd()), String.valueOf(of.n()));
        }
        return columns.table("A car that circles, over " + preset.text("dream.horizon") + " steps, preset " + preset.name());
    }

    /** Whether a dream's road bends away under a car that does not follow it. */
    public static ResultTable straightOn(StraightOn straightOn, Preset preset) {
        int parts = 6;
        int each = StraightOn.STEPS / parts;
        List<String> names = new ArrayList<>(List.of("wheels straight, half of the gas"));
        IntStream.range(0, parts).forEach(part -> names.add("steps " + (part * each + 1) + " to " + (part + 1) * each));
        Columns columns = new Columns(names);
        double[][] earned = straightOn.parts(parts);
        for (int i = 0; i < earned.length; i++) {
            Stream<String> means = DoubleStream.of(earned[i]).mapToObj(mean -> format("%.3f", mean));
            columns.add(Stream.concat(Stream.of(i == 0 ? "in the dream" : "in reality"), means).toList());
        }
        return columns.table("Reward a step after letting go of the wheel in the middle of recorded drives, preset " + preset.name());
    }

    /** The return of a step, by which episodes of any length compare. */
    private static String aStep(Evaluation evaluation) {
        return format("%.3f", evaluation.episodes().stream().mapToDouble(TestEpisode::score).sum() / evaluation.environmentSteps());
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
