package worldmodels.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import worldmodels.controller.Features;
import worldmodels.env.panda.PandaControl;
import worldmodels.env.panda.PandaReward;
import worldmodels.report.KeptStages;
import worldmodels.run.Preset;
import worldmodels.run.Stage;
import worldmodels.study.carracing.CarRacingExperiment;
import worldmodels.study.carracing.WorldModelsRows;
import worldmodels.study.dream.DreamExperiment;
import worldmodels.study.dream.IterativeTraining;
import worldmodels.study.gan.GanComparison;
import worldmodels.study.gan.PlaneExperiment;
import worldmodels.study.panda.PandaExperiment;
import worldmodels.study.panda.PandaTables;
import worldmodels.study.panda.PandaTask;
import worldmodels.study.panda.ReachExperiment;
import worldmodels.study.planet.ActingStudy;
import worldmodels.study.planet.PlanetExperiment;
import worldmodels.study.planet.PlanetTables;
import worldmodels.study.planet.VariantStudy;
import worldmodels.study.ppo.PpoExperiment;
import worldmodels.study.ppo.PpoTables;
import worldmodels.study.thesis.VisionComparison;

/** A key is a promise: what was trained for the laptop preset is found again by the laptop preset, however the code is rearranged. */
class KeptKeysTest {

    private static final Path RESULTS = Path.of(System.getProperty("kit.root"), "results");
    private static final Pattern KEY = Pattern.compile("\"([\\w-]+)\\.key\": \"(\\w+)\"");

    @TempDir
    Path work;

    /** The stages of a preset's tables, and those that may be among them: of the other V's dreams only those of the best temperature are. */
    private record Computed(Set<Stage> ofTables, Set<Stage> possible) {}

    @Test
    void theLaptopPresetComputesTheKeysOfAllItsKeptStages() throws IOException {
        TreeSet<String> kept;
        try (Stream<Path> folders = Files.list(RESULTS.resolve("laptop/stages"))) {
            kept = folders.map(folder -> folder.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        }
        // Thesis' tables and temperatures: agents that were trained on samples of z, before the preset took the mean, and were one chain; each V by its own loss.
        Computed computed = computed(beforeDreamsOfMeans(Preset.named("laptop").with("agent.latent", "SAMPLED").with("chains", "1")
                .with("thesis.likelihood", "AUTHORS").with("thesis.latents", "32, 64").with("nvae.balancing", "PAPER")));
        // The others are today's.
        try (CarRacingExperiment today = CarRacingExperiment.open(Preset.named("laptop"), work); IterativeTraining rounds = new IterativeTraining(today);
                WorldModelsRows rows = new WorldModelsRows(today); ReachExperiment reach = ReachExperiment.open(Preset.named("laptop"), work);
                PpoExperiment ppo = new PpoExperiment(today)) {
            Set<Stage> ofToday = new LinkedHashSet<>();
            add(ofToday, rows.stages().stream());
            // Random actions and evolution among them.
            add(ofToday, Arrays.stream(PpoTables.stages(ppo)));
            add(ofToday, Arrays.stream(reach.stages()));
            computed.ofTables.addAll(ofToday);
            computed.possible.addAll(ofToday);
            computed.ofTables.addAll(rounds.stages());
            add(computed.possible, rounds.stages().stream());
        }
        assertEquals(new TreeSet<>(), without(kept, folders(computed.possible)), "kept, but the preset has another key for it");
        assertEquals(new TreeSet<>(), without(folders(computed.ofTables), kept), "in the tables, but not kept");
        assertTrue(kept.size() > 60, kept.toString());
    }

    /** The kept dreams are of before their agents saw means: everything as the authors have it but for what laptop had changed then. */
    private static Preset beforeDreamsOfMeans(Preset laptop) {
        Preset paper = Preset.named("paper");
        Preset before = laptop;
        for (String key : List.of("dream.temperatures", "dream.averaged", "dream.sampling", "dream.branched", "dream.watched", "dream.patience", "dream.deviation", "dream.rewardWeight",
                "dream.batch", "dream.burnIn", "dream.finalRate", "dream.unseen")) {
            before = before.with(key, paper.text(key));
        }
        return before.with("dream.horizon", "400").with("dream.generations", "60").with("dream.rollouts", "4").with("dream.selectionDreams", "64");
    }

    @Test
    void theSmokePresetComputesTheKeysThatItsTablesName() throws IOException {
        TreeSet<String> named = new TreeSet<>();
        try (Stream<Path> files = Files.list(RESULTS.resolve("smoke/tables"))) {
            // The study of C names the searches that it compares, which are other settings.
            for (Path file : files.filter(f -> f.toString().endsWith(".provenance.json") && !f.getFileName().toString().startsWith("controller-study")).toList()) {
                KEY.matcher(Files.readString(file)).results().forEach(key -> named.add(key.group(1) + "-" + key.group(2)));
            }
        }
        TreeSet<String> computed = computed(Preset.named("smoke")).possible.stream().map(KeptKeysTest::folder).collect(Collectors.toCollection(TreeSet::new));
        assertEquals(new TreeSet<>(), without(named, computed), "in a table, but the preset has another key for it");
        assertTrue(named.size() > 50, named.toString());
    }

    private Computed computed(Preset preset) {
        Set<Stage> ofTables = new LinkedHashSet<>();
        Set<Stage> possible = new LinkedHashSet<>();
        try (CarRacingExperiment experiment = CarRacingExperiment.open(preset, work); WorldModelsRows rows = new WorldModelsRows(experiment);
                VisionComparison comparison = new VisionComparison(experiment);
                VisionComparison atOwnSize = VisionComparison.atOwnSize(experiment); IterativeTraining training = new IterativeTraining(experiment);
                PlanetExperiment planet = PlanetExperiment.open(preset, work); PandaExperiment panda = PandaExperiment.open(preset, work);
                ReachExperiment reach = ReachExperiment.open(preset, work); PpoExperiment ppo = new PpoExperiment(experiment);
                VisionComparison gans = GanComparison.of(experiment); VisionComparison rates = VisionComparison.ofRates(experiment)) {
            comparison.contenders().forEach(contender -> add(ofTables, contender.experiment().evaluationStages(Features.Z_H).stream()));
            add(ofTables, dreams(experiment));
            VariantStudy variants = new VariantStudy(preset, work);
            add(ofTables, Arrays.stream(PlanetTables.stages(planet, variants)));
            add(possible, training.stages().stream());
            possible.addAll(ofTables);
            possible.add(experiment.randomActionsStage());
            // Notebook 13 has yardsticks of its own, whatever the grid's tasks are.
            for (PandaControl control : PandaControl.values()) {
                possible.add(panda.stages().random(new PandaTask(control, PandaReward.SPARSE)));
            }
            possible.add(panda.stages().proportional(new PandaTask(PandaControl.END_EFFECTOR, PandaReward.SPARSE)));
            add(possible, Arrays.stream(new ActingStudy(planet, variants).stages()));
            add(possible, Arrays.stream(PandaTables.stages(panda)));
            add(possible, Arrays.stream(reach.stages()));
            add(possible, rows.stages().stream());
            add(possible, Arrays.stream(PpoTables.stages(ppo)));
            Stream.of(gans, rates).flatMap(compared -> compared.contenders().stream())
                    .forEach(contender -> add(possible, contender.experiment().evaluationStages(Features.Z_H).stream()));
            add(possible, PlaneExperiment.open(preset, work).stages().stream());
            atOwnSize.contenders().forEach(contender -> add(possible, dreams(contender.experiment())));
        }
        return new Computed(ofTables, possible);
    }

    private static Stream<Stage> dreams(CarRacingExperiment real) {
        DreamExperiment dreams = new DreamExperiment(real);
        return DoubleStream.of(dreams.temperatures()).mapToObj(dreams::evaluationStage);
    }

    private static void add(Set<Stage> stages, Stream<Stage> ends) {
        ends.forEach(end -> stages.addAll(end.ancestry()));
    }

    private static TreeSet<String> folders(Set<Stage> stages) {
        return stages.stream().filter(stage -> !KeptStages.isData(stage)).map(KeptKeysTest::folder).collect(Collectors.toCollection(TreeSet::new));
    }

    private static String folder(Stage stage) {
        return stage.folder().getFileName().toString();
    }

    private static TreeSet<String> without(TreeSet<String> all, TreeSet<String> some) {
        TreeSet<String> rest = new TreeSet<>(all);
        rest.removeAll(some);
        return rest;
    }
}
