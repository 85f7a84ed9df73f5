package worldmodels.study.carracing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Supplier;
import worldmodels.agent.Agent;
import worldmodels.evaluation.TrackSeeds;
import worldmodels.evolution.Candidate;
import worldmodels.evolution.Evolution;
import worldmodels.evolution.Fitness;
import worldmodels.evolution.Generation;
import worldmodels.run.Progress;
import worldmodels.run.Stage;

/**
 * The stage that evolves C, wherever it drives.
 *
 * @param stage     what it is called and depends on
 * @param settings  of the evolution
 * @param seed      the training seed
 * @param first     V, M, what C sees, and the weights that the search begins with; zeros for one that knows nothing
 * @param training  of a generation's candidates; closed after the search
 * @param selection of the distribution mean; likewise
 */
public record Search(Stage stage, Evolution.Settings settings, long seed, Agent first, Supplier<Fitness> training, Supplier<Fitness> selection) {

    private static final String CONTROLLER_FILE = "controller.safetensors";

    /** To its end, or loaded. */
    public TrainedController complete(Progress progress) {
        stage.complete(folder -> {
            try (Fitness train = training.get(); Fitness select = selection.get()) {
                Evolution search = new Evolution(settings, first.parameters(), seed, train, select, TrackSeeds.forSearch(seed),
                        folder.resolve(Evolution.CHECKPOINT));
                Candidate selected = search.run(progress);
                first.with(selected.parameters()).save(folder.resolve(CONTROLLER_FILE));
                return Map.of("generation", String.valueOf(selected.generation()), "selectionScore",
                        String.valueOf(selected.selectionScore()), "selectionSd", String.valueOf(selected.selectionSd()), "environmentSteps",
                        String.valueOf(search.history().stream().mapToLong(Generation::steps).sum()));
            }
        });
        SortedMap<String, String> facts = stage.facts();
        double[] weights = Agent.load(first.vision(), first.memory(), first.features(), first.latent(), stage.file(CONTROLLER_FILE)).parameters();
        Candidate selected = new Candidate(weights, Integer.parseInt(facts.get("generation")), Double.parseDouble(facts.get("selectionScore")),
                Double.parseDouble(facts.getOrDefault("selectionSd", "NaN")), settings.selectionTracks());
        return new TrainedController(first.features(), seed, selected, generations(stage), stage);
    }

    /** What a search has come to, or has come to so far where another process runs it; a stage that was kept without is empty. */
    static List<Generation> generations(Stage stage) {
        Path file = stage.folder().resolve(Evolution.GENERATIONS);
        boolean isThere = stage.isFinished() ? stage.has(Evolution.GENERATIONS) : Files.exists(file);
        return isThere ? Generation.readCsv(file) : List.of();
    }
}
