package worldmodels.study.planet;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import worldmodels.env.control.ControlTask;
import worldmodels.evaluation.Evaluation;
import worldmodels.planet.Dynamics;
import worldmodels.report.Columns;
import worldmodels.report.Numbers;
import worldmodels.report.ResultTable;
import worldmodels.run.Preset;
import worldmodels.run.Progress;
import worldmodels.run.Settings;
import worldmodels.run.Settings.Least;
import worldmodels.run.Settings.Section;
import worldmodels.run.Stage;
import worldmodels.run.WorkFolder;

/**
 * Which settings carry PlaNet: the RSSM learns the preset's first task from few episodes, once for each variant and training seed. At {@code laptop} that is
 * most of an hour of one core for each model, so the table is of those that have been learned; the others are said to be missing.
 */
public final class VariantStudy {

    /**
     * What is compared.
     *
     * @param variants        the first of them is what the others are compared with
     * @param variantEpisodes that each learns from
     * @param variantSeeds    training seeds of each
     */
    @Section("planet")
    record Compared(List<PlanetVariant> variants, @Least(1) int variantEpisodes, @Least(1) int variantSeeds) {}

    private final Preset preset;
    private final Path work;
    private final Compared compared;

    public VariantStudy(Preset preset) {
        this(preset, WorkFolder.chosen());
    }

    public VariantStudy(Preset preset, Path work) {
        this.preset = preset;
        this.work = work;
        this.compared = Settings.of(preset, Compared.class);
    }

    public List<PlanetVariant> variants() {
        return compared.variants;
    }

    /** The preset that a variant learns by. */
    public Preset of(PlanetVariant variant) {
        return variant.of(preset).with("planet.episodes", String.valueOf(compared.variantEpisodes)).with("planet.seeds", String.valueOf(compared.variantSeeds));
    }

    /** Learns and tries all models of a variant; what is finished is kept. */
    public Evaluation learn(PlanetVariant variant, Progress progress) {
        try (PlanetExperiment experiment = PlanetExperiment.open(of(variant), work)) {
            experiment.learn(rows(experiment), progress);
            return experiment.evaluation(task(experiment), Dynamics.RSSM, progress);
        }
    }

    /** Returns of the variants that have been learned and tried; with one seed after the other, whatever there is of them. */
    public ResultTable table() {
        Columns columns = new Columns("variant", "return", "test return at the end of training, by seed", "minutes of one core, by seed");
        for (PlanetVariant variant : compared.variants) {
            try (PlanetExperiment experiment = PlanetExperiment.open(of(variant), work)) {
                List<PlanetRow> learned = rows(experiment).stream().filter(row -> experiment.stages().learning(row).isFinished()).toList();
                List<Evaluation> tried = learned.stream().map(row -> experiment.stages().evaluation(row, experiment.settings().acting()))
                        .filter(Stage::isFinished).map(Evaluation::keptBy).toList();
                columns.add(variant.label(), tried.isEmpty() ? "not learned yet" : PlanetTables.text(Evaluation.together(tried).summary()),
                        joined(learned.stream().mapToDouble(row -> experiment.log(row).rows().getLast().testMean())),
                        joined(learned.stream().mapToDouble(row -> experiment.stages().learning(row).seconds() / 60)));
            }
        }
        return columns.table("Variants of the RSSM, preset " + preset.name() + ", " + compared.variantEpisodes
                + " episodes: mean return with 95 % interval (n episodes, k training seeds)");
    }

    /** What is finished of it. */
    public Stage[] stages() {
        List<Stage> stages = new ArrayList<>();
        for (PlanetVariant variant : compared.variants) {
            try (PlanetExperiment experiment = PlanetExperiment.open(of(variant), work)) {
                rows(experiment).stream().map(row -> experiment.stages().evaluation(row, experiment.settings().acting())).filter(Stage::isFinished).forEach(stages::add);
            }
        }
        return stages.toArray(Stage[]::new);
    }

    private static String joined(DoubleStream values) {
        List<String> cells = values.mapToObj(value -> Numbers.format("%.0f", value)).toList();
        return cells.isEmpty() ? Numbers.ABSENT : String.join(", ", cells);
    }

    private static ControlTask task(PlanetExperiment experiment) {
        return experiment.settings().tasks().getFirst();
    }

    private static List<PlanetRow> rows(PlanetExperiment experiment) {
        return experiment.settings().rows(task(experiment), Dynamics.RSSM);
    }
}
