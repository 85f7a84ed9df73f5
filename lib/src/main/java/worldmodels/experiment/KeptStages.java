package worldmodels.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import worldmodels.controller.Features;
import worldmodels.evaluation.Evaluation;
import worldmodels.nn.Checkpoint;
import worldmodels.run.KitException;
import worldmodels.run.Progress;

/**
 * Finished stages without their bulk, small enough to lie beside the results: what each remembers, weights without optimisers, scores; not the recorded
 * data. A stage's folder is named by its key, so one that is put back into a work folder is taken up there as if it had been finished there.
 */
public final class KeptStages {

    private static final List<String> KEPT = List.of(".json", ".txt", ".csv", ".safetensors");
    private static final String WEIGHTS = ".safetensors";

    private KeptStages() {}

    /** What came of the agents of one row: {@code again} beside {@code kept}, the episodes of the table. */
    public record Row(String agent, Evaluation again, Evaluation kept) {

        /** Whether every episode has the very same score and length. */
        public boolean isIdentical() {
            return again.equals(kept);
        }

        @Override
        public String toString() {
            String same = isIdentical() ? "identical in all " + kept.episodes().size() + " episodes"
                    : String.format(Locale.ROOT, "NOT identical: the table says %s", kept.summary());
            return String.format(Locale.ROOT, "%-14s %s  %s", agent, again.summary(), same);
        }
    }

    /**
     * Drives the test tracks again with the kept V, M and C of every agent of the World Models table, without training.
     *
     * @param kept    the folder with a folder for each kept stage
     * @param scratch an empty folder to work in
     * @throws KitException if an agent of these settings is not there
     */
    public static List<Row> driveAgain(Preset preset, Path kept, Path scratch, Progress progress) {
        List<Row> rows = new ArrayList<>();
        try (CarRacingExperiment experiment = CarRacingExperiment.open(preset, scratch)) {
            for (Features features : Features.values()) {
                for (Stage evaluation : experiment.evaluationStages(features)) {
                    for (Stage stage : evaluation.ancestry()) {
                        if (!stage.equals(evaluation) && !isData(stage) && !stage.isFinished()) {
                            putBack(stage, kept);
                        }
                    }
                }
                List<Evaluation> seeds = experiment.evaluationStages(features).stream()
                        .map(stage -> Evaluation.readCsv(there(stage, kept).resolve(CarRacingExperiment.EPISODES_FILE))).toList();
                rows.add(new Row(features.label(), experiment.evaluation(features, progress), Evaluation.together(seeds)));
            }
        }
        return rows;
    }

    private static void putBack(Stage stage, Path kept) {
        try {
            Path from = there(stage, kept);
            Files.createDirectories(stage.folder());
            copy(from, stage.folder());
        } catch (IOException e) {
            throw new KitException("Cannot make the folder " + stage.folder() + " (" + e.getMessage() + ").", e);
        }
    }

    private static Path there(Stage stage, Path kept) {
        Path folder = kept.resolve(stage.folder().getFileName());
        if (!Files.isDirectory(folder)) {
            throw new KitException("There are no weights of these settings in " + kept + " (" + folder.getFileName()
                    + " is missing); make them with environment/run.sh or choose a preset whose weights are kept (laptop).");
        }
        return folder;
    }

    /** Whether there is more to a stage than data, which are quicker made again than kept. */
    public static boolean isWorthKeeping(Stage stage) {
        return stage.isFinished() && !isData(stage);
    }

    private static boolean isData(Stage stage) {
        return stage.name().startsWith("rollouts") || stage.name().startsWith("encodings");
    }

    /**
     * Copies what is kept of a finished stage.
     *
     * @param folder empty
     */
    public static void copy(Path stage, Path folder) {
        try (Stream<Path> files = Files.list(stage)) {
            for (Path file : files.filter(f -> KEPT.stream().anyMatch(f.getFileName().toString()::endsWith)).sorted().toList()) {
                Path target = folder.resolve(file.getFileName());
                if (target.toString().endsWith(WEIGHTS)) {
                    Checkpoint.copyTrained(file, target);
                } else {
                    Files.copy(file, target);
                }
            }
        } catch (IOException e) {
            throw new KitException("Cannot copy " + stage + " to " + folder + " (" + e.getMessage() + "); make room there.", e);
        }
    }
}
