package worldmodels.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import worldmodels.controller.Features;
import worldmodels.report.KeptStages;
import worldmodels.run.Preset;
import worldmodels.run.Stage;
import worldmodels.study.carracing.CarRacingExperiment;
import worldmodels.study.dream.DreamExperiment;
import worldmodels.study.dream.IterativeTraining;
import worldmodels.study.planet.PlanetExperiment;
import worldmodels.study.planet.PlanetTables;
import worldmodels.study.thesis.VisionComparison;

/** A key is a promise: what was trained for the laptop preset is found again by the laptop preset, however the code is rearranged. */
class KeptKeysTest {

    private static final Path KEPT = Path.of(System.getProperty("kit.root"), "results", "laptop", "stages");

    @TempDir
    Path work;

    @Test
    void theLaptopPresetComputesTheKeysOfAllItsKeptStages() throws IOException {
        TreeSet<String> kept;
        try (Stream<Path> folders = Files.list(KEPT)) {
            kept = folders.map(folder -> folder.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        }
        TreeSet<String> ofTables = new TreeSet<>();
        TreeSet<String> possible = new TreeSet<>();
        Preset laptop = Preset.named("laptop");
        try (CarRacingExperiment experiment = CarRacingExperiment.open(laptop, work); VisionComparison comparison = new VisionComparison(experiment);
                VisionComparison atOwnSize = VisionComparison.atOwnSize(experiment); IterativeTraining training = new IterativeTraining(experiment);
                PlanetExperiment planet = PlanetExperiment.open(laptop, work)) {
            for (Features features : Features.values()) {
                add(ofTables, experiment.evaluationStages(features).stream());
            }
            comparison.contenders().forEach(contender -> add(ofTables, contender.experiment().evaluationStages(Features.Z_H).stream()));
            add(ofTables, dreams(experiment));
            add(ofTables, training.experiments().stream().map(round -> round.evaluationStage(training.temperature())));
            add(ofTables, Arrays.stream(PlanetTables.stages(planet)));
            // Of the other V's dreams those of the best temperature are kept.
            atOwnSize.contenders().forEach(contender -> add(possible, dreams(contender.experiment())));
        }
        possible.addAll(ofTables);
        assertEquals(new TreeSet<>(), without(kept, possible), "kept, but the preset has another key for it");
        assertEquals(new TreeSet<>(), without(ofTables, kept), "in the tables, but not kept");
        assertTrue(kept.size() > 60, kept.toString());
    }

    private static Stream<Stage> dreams(CarRacingExperiment real) {
        DreamExperiment dreams = new DreamExperiment(real);
        return DoubleStream.of(dreams.temperatures()).mapToObj(dreams::evaluationStage);
    }

    private static void add(TreeSet<String> names, Stream<Stage> ends) {
        ends.flatMap(end -> end.ancestry().stream()).filter(stage -> !KeptStages.isData(stage)).forEach(stage -> names.add(stage.folder().getFileName().toString()));
    }

    private static TreeSet<String> without(TreeSet<String> all, TreeSet<String> some) {
        TreeSet<String> rest = new TreeSet<>(all);
        rest.removeAll(some);
        return rest;
    }
}
