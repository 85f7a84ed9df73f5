package worldmodels.report;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import worldmodels.evaluation.Episode;
import worldmodels.evaluation.Evaluation;
import worldmodels.experiment.CarRacingExperiment;
import worldmodels.experiment.Weights;
import worldmodels.nn.Compute;
import worldmodels.run.KitException;
import worldmodels.run.Progress;

/**
 * The weights behind the World Models table, kept in {@code results/<preset>/weights}: with them the agents drive the test tracks again,
 * without training, and every episode is compared with the one in {@code results/<preset>/tables}.
 */
public final class KeptWeights {

    private static final String SECTION = "weights";

    private KeptWeights() {}

    /** Writes V, M and every C of the table into the results, each with provenance. */
    public static void keep(CarRacingExperiment experiment, ResultsFolder results, Provenance provenance, Progress progress) {
        try {
            Path scratch = Files.createTempDirectory("weights");
            try {
                Weights.save(experiment, scratch, progress);
                for (Path file : files(scratch)) {
                    results.file(SECTION, file.getFileName().toString(), Files.readAllBytes(file), provenance);
                }
            } finally {
                for (Path file : files(scratch)) {
                    Files.delete(file);
                }
                Files.delete(scratch);
            }
        } catch (IOException e) {
            throw new KitException("Cannot keep the weights in " + results.path() + " (" + e.getMessage()
                    + "); make room there and in the folder for temporary files.", e);
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    /** What came of one agent: {@code again} beside {@code kept}, the episodes of the table. */
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

    /** @throws KitException if weights or tables are missing or do not belong to each other */
    public static List<Row> driveAgain(CarRacingExperiment experiment, Path results, Progress progress) {
        try (NDManager manager = Compute.newManager()) {
            return Weights.load(manager, experiment.preset(), results.resolve(SECTION)).stream()
                    .map(seeded -> row(experiment, seeded, results, progress)).toList();
        }
    }

    private static Row row(CarRacingExperiment experiment, Weights.Seeded seeded, Path results, Progress progress) {
        String features = seeded.agent().features().name().toLowerCase(Locale.ROOT).replace('_', '-');
        List<Episode> kept = Evaluation.readCsv(results.resolve("tables").resolve("episodes-" + features + ".csv")).episodes().stream()
                .filter(episode -> episode.run() == seeded.seed()).toList();
        if (kept.isEmpty()) {
            throw new KitException("The table of episodes on " + features + " has none of training seed " + seeded.seed()
                    + "; weights and tables in " + results + " are not of the same run.");
        }
        return new Row(features + ", seed " + seeded.seed(), experiment.test(seeded.agent(), seeded.seed(), progress), new Evaluation(kept));
    }
}
