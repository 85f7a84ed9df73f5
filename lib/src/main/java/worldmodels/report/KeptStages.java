package worldmodels.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import worldmodels.evolution.Evolution;
import worldmodels.nn.Checkpoint;
import worldmodels.run.KitException;
import worldmodels.run.Stage;

/**
 * Finished stages without their bulk, small enough to lie beside the results: what each remembers, weights without optimisers, scores; not the recorded
 * data. A stage's folder is named by its key, so one that is put back into a work folder is taken up there as if it had been finished there.
 */
public final class KeptStages {

    private static final List<String> KEPT = List.of(".json", ".txt", ".csv", ".safetensors");
    private static final List<String> NOT_COPIED = List.of("stage.json", "stage.provenance.json", Evolution.CHECKPOINT);
    private static final String WEIGHTS = ".safetensors";

    private KeptStages() {}

    /** Whether there is more to a stage than data, which are quicker made again than kept. */
    public static boolean isWorthKeeping(Stage stage) {
        return stage.isFinished() && !isData(stage);
    }

    public static boolean isData(Stage stage) {
        return stage.name().startsWith("rollouts") || stage.name().startsWith("encodings");
    }

    /**
     * Copies what is kept of a finished stage, and a record of the copies.
     *
     * @param folder empty
     */
    public static void copy(Stage stage, Path folder) {
        try (Stream<Path> files = Files.list(stage.folder())) {
            for (Path file : files.filter(KeptStages::isKept).sorted().toList()) {
                Path target = folder.resolve(file.getFileName());
                if (target.toString().endsWith(WEIGHTS)) {
                    Checkpoint.copyTrained(file, target);
                } else {
                    Files.copy(file, target);
                }
            }
        } catch (IOException e) {
            throw new KitException("Cannot copy " + stage.folder() + " to " + folder + " (" + e.getMessage() + "); make room there.", e);
        }
        stage.recordCopy(folder);
    }

    private static boolean isKept(Path file) {
        String name = file.getFileName().toString();
        return !NOT_COPIED.contains(name) && KEPT.stream().anyMatch(name::endsWith);
    }

    /**
     * Puts a kept stage into its work folder, unless it is finished there.
     *
     * @param kept the folder with a folder for each kept stage
     * @throws KitException if it is not there
     */
    public static void putBack(Stage stage, Path kept) {
        if (stage.isFinished()) {
            return;
        }
        Path from = stage.in(kept).folder();
        if (!Files.isDirectory(from)) {
            throw new KitException("There is no stage " + from.getFileName() + " of these settings in " + kept
                    + "; make it with environment/run.sh or choose a preset whose stages are kept (laptop).");
        }
        try (Stream<Path> files = Files.list(from)) {
            Files.createDirectories(stage.folder());
            for (Path file : files.toList()) {
                Files.copy(file, stage.folder().resolve(file.getFileName()));
            }
        } catch (IOException e) {
            throw new KitException("Cannot copy " + from + " to " + stage.folder() + " (" + e.getMessage() + "); make room there.", e);
        }
    }
}
