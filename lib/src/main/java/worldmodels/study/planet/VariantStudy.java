package worldmodels.study.planet;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.DoubleStream;
import worldmodels.evaluation.Evaluation;
import worldmodels.planet.Dynamics;
import worldmodels.planet.LearningLog;
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
 * most of an hour of one core for each model, so the table is of those that have been learned; the others are said to be missing. All settings together
 * learn from episodes of their own number, for a row beside the preset's own.
 */
public final class VariantStudy {

    /**
     * What is compared.
     *
     * @param variants        the first of them is what the others are compared with
     * @param variantEpisodes that each learns from
     * @param variantSeeds    training seeds of each
     * @param allEpisodes     that {@link PlanetVariant#ALL} learns from
     * @param allSeeds        its training seeds
     */
    @Section("planet")
    record Compared(List<PlanetVariant> variants, @Least(1) int variantEpisodes, @Least(1) int variantSeeds, @Least(1) int allEpisodes, @Least(1) int allSeeds) {}

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

    /** The preset that a variant learns by: its one task is the preset's first, its one kind of dynamics the RSSM. */
    public Preset of(PlanetVariant variant) {
        return of(preset, variant);
    }

    /** And the one that it makes of any preset. */
    static Preset of(Preset preset, PlanetVariant variant) {
        Compared compared = Settings.of(preset, Compared.class);
        boolean all = variant == PlanetVariant.ALL;
        return variant.of(preset).with("planet.tasks", PlanetStudy.of(preset).tasks().getFirst().id()).with("planet.dynamics", Dynamics.RSSM.name())
                .with("planet.episodes", String.valueOf(all ? compared.allEpisodes : compared.variantEpisodes))
                .with("planet.seeds", String.valueOf(all ? compared.allSeeds : compared.variantSeeds));
    }

    /** The models of a variant; whoever opens them closes them. */
    public PlanetExperiment open(PlanetVariant variant) {
        return PlanetExperiment.open(of(variant), work);
    }

    /** Learns and tries all models of a variant; what is finished is kept. */
    public Evaluation learn(PlanetVariant variant, Progress progress) {
        try (PlanetExperiment experiment = open(variant)) {
            experiment.learn(experiment.settings().rows(), progress);
            return experiment.evaluation(experiment.settings().tasks().getFirst(), Dynamics.RSSM, progress);
        }
    }

    /** How the models of a variant have learned so far, by seed; empty before an episode has been collected. */
    public List<LearningLog> logs(PlanetVariant variant) {
        try (PlanetExperiment experiment = open(variant)) {
            return experiment.settings().rows().stream().map(experiment::log).toList();
        }
    }

    /** Returns of the variants that have been learned and tried; with one seed after the other, whatever there is of them. */
    public ResultTable table() {
        Columns columns = new Columns("variant", "episodes", "return", "test return at the end of training, by seed", "minutes of one core, by seed");
        for (PlanetVariant variant : compared.variants) {
            try (PlanetExperiment experiment = open(variant)) {
                List<PlanetRow> learned = experiment.settings().rows().stream().filter(row -> experiment.stages().learning(row).isFinished()).toList();
                List<Evaluation> tried = learned.stream().map(row -> experiment.stages().evaluation(row, experiment.settings().acting()))
                        .filter(Stage::isFinished).map(Evaluation::keptBy).toList();
                columns.add(variant.label(), of(variant).text("planet.episodes"), tried.isEmpty() ? "not learned yet" : PlanetTables.text(Evaluation.together(tried).summary()),
                        joined(learned.stream().mapToDouble(row -> experiment.log(row).rows().getLast().testMean())),
                        joined(learned.stream().mapToDouble(row -> experiment.stages().learning(row).seconds() / 60)));
            }
        }
        return columns.table("Variants of the RSSM, preset " + preset.name() + ": mean return with 95 % interval (n episodes, k training seeds)");
    }

    /** What is finished of it. */
    public Stage[] stages() {
        return compared.variants.stream().flatMap(variant -> stages(variant).stream()).filter(Stage::isFinished).toArray(Stage[]::new);
    }

    /** The trials of a variant's models, finished or not. */
    public List<Stage> stages(PlanetVariant variant) {
        try (PlanetExperiment experiment = open(variant)) {
            return experiment.settings().rows().stream().map(row -> experiment.stages().evaluation(row, experiment.settings().acting())).toList();
        }
    }

    private static String joined(DoubleStream values) {
        List<String> cells = values.mapToObj(value -> Numbers.format("%.0f", value)).toList();
        return cells.isEmpty() ? Numbers.ABSENT : String.join(", ", cells);
    }
}
