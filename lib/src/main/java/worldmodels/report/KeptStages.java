package worldmodels.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import worldmodels.nn.Checkpoint;
import worldmodels.run.KitException;
import worldmodels.run.Stage;

/**
 * Finished stages without their bulk, small enough to lie beside the results: what each remembers, weights without optimisers, scores; not the recorded
 * data. A stage's folder is named by its key, so one that is put back into a work folder is taken up there as if it had been finished there.
 */
public final class KeptStages {

    private static final List<String> KEPT = List.of(".json", ".txt", ".csv", ".safetensors");
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
