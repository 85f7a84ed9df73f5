package worldmodels.study.panda;

import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import worldmodels.nn.Compute;
import worldmodels.report.Reevaluated;
import worldmodels.run.Preset;
import worldmodels.run.Progress;
import worldmodels.run.Stage;
import worldmodels.run.WorkFolder;

/**
 * The thesis' third experiment: a world model of reaching, learned from pictures of random actions. Behind every row stand as many whole chains as
 * {@code reach.seeds} says, each with a seed of its own. Stages are resumable and kept by the key of their settings.
 */
public final class ReachExperiment implements AutoCloseable {

    private final Preset preset;
    private final ReachStudy study;
    private final NDManager manager = Compute.newManager();
    private final List<ReachChain> chains;

    private ReachExperiment(Preset preset, Path work) {
        this.preset = preset;
        this.study = ReachStudy.of(preset);
        this.chains = IntStream.range(0, study.seeds()).mapToObj(i -> new ReachChain(preset.with("seed", String.valueOf(study.seed() + i)), work, manager))
                .toList();
    }

    /** The preset that {@code WM_PRESET} names, in the chosen work folder. */
    public static ReachExperiment open() {
        return open(Preset.chosen());
    }

    /** A preset, or an ablation of it, in the chosen work folder. */
    public static ReachExperiment open(Preset preset) {
        return open(preset, WorkFolder.chosen());
    }

    /** A preset in a work folder of its own. */
    public static ReachExperiment open(Preset preset, Path work) {
        return new ReachExperiment(preset, work);
    }

    public Preset preset() {
        return preset;
    }

    /** What the preset says of it. */
    public ReachStudy settings() {
        return study;
    }

    /** The chains, the first with the preset's seed. */
    public List<ReachChain> chains() {
        return chains;
    }

    /** A row's agents of all chains on the test goals. */
    public Reaches evaluation(ReachRow row, Progress progress) {
        return Reaches.together(chains.stream().map(chain -> chain.evaluation(row, progress)).toList());
    }

    /** The stages of {@link #evaluation}. */
    public List<Stage> evaluations(ReachRow row) {
        return chains.stream().map(chain -> chain.evaluationStage(row)).toList();
    }

    /** The stages of all rows. */
    public Stage[] stages() {
        return study.rows().stream().flatMap(row -> evaluations(row).stream()).toArray(Stage[]::new);
    }

    /**
     * The kept agents on the test goals again, without training.
     *
     * @param kept    the folder with a folder for each kept stage
     * @param scratch an empty folder to work in
     * @return one for each row of which an agent is kept
     * @throws worldmodels.run.KitException if only some agents of a row are there
     */
    public static List<Reevaluated> reachAgain(Preset preset, Path kept, Path scratch, Progress progress) {
        try (ReachExperiment experiment = open(preset, scratch)) {
            return experiment.study.rows().stream().flatMap(row -> Reevaluated.ifKept(row.toString(), experiment.evaluations(row), kept,
                    stage -> Reaches.keptBy(stage).scored(), () -> experiment.evaluation(row, progress).scored()).stream()).toList();
        }
    }

    @Override
    public void close() {
        manager.close();
    }
}
