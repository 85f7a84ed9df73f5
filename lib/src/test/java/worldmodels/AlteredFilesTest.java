package worldmodels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import worldmodels.controller.Features;
import worldmodels.data.EncodedEpisode;
import worldmodels.data.EncodedStore;
import worldmodels.data.Episode;
import worldmodels.data.EpisodeJob;
import worldmodels.data.EpisodeStore;
import worldmodels.data.Exploration;
import worldmodels.data.RolloutEngine;
import worldmodels.data.StoredEpisode;
import worldmodels.env.TinyWorld;
import worldmodels.env.ThreadedEnvironments;
import worldmodels.env.control.ControlTask;
import worldmodels.env.mujoco.MuJoCo;
import worldmodels.env.mujoco.OffscreenGl;
import worldmodels.evaluation.Evaluation;
import worldmodels.evolution.Candidate;
import worldmodels.evolution.Evolution;
import worldmodels.evolution.Fitness;
import worldmodels.memory.MdnRnn;
import worldmodels.memory.MdnRnnShape;
import worldmodels.nn.Checkpoint;
import worldmodels.nn.Compute;
import worldmodels.nn.LearningCurve;
import worldmodels.planet.Dynamics;
import worldmodels.planet.PlanetLearner;
import worldmodels.report.AnimatedGif;
import worldmodels.report.ImageGrid;
import worldmodels.report.ResultTable;
import worldmodels.report.ResultsFolder;
import worldmodels.report.RgbFrame;
import worldmodels.run.KitException;
import worldmodels.run.Preset;
import worldmodels.run.Progress;
import worldmodels.run.Provenance;
import worldmodels.run.Stage;
import worldmodels.run.WholeFile;
import worldmodels.study.carracing.CarRacingExperiment;
import worldmodels.study.planet.PlanetExperiment;
import worldmodels.study.planet.PlanetRow;
import worldmodels.study.planet.PlanetStudy;
import worldmodels.vision.VisionModels;

/**
 * No altered number goes unnoticed: every sort of file that the kit writes is altered in many ways, and read as the kit reads it. What comes of it is
 * a sentence that names the file, or the value that was there before; never another value, and never a bare exception.
 */
@Tag("slow")
class AlteredFilesTest {

    private static final Preset TINY = Preset.named("smoke")
            .with("rollouts.episodes", "8").with("rollouts.steps", "20").with("rollouts.validation", "2")
            .with("vision.batch", "20").with("vision.epochs", "1").with("vision.latent", "4")
            .with("memory.batch", "2").with("memory.sequence", "9").with("memory.epochs", "1")
            .with("evolution.population", "4").with("evolution.rollouts", "1").with("evolution.generations", "2")
            .with("evolution.steps", "20").with("evolution.selectionEvery", "1").with("evolution.selectionTracks", "1")
            .with("evaluation.tracks", "2");

    /**
     * What may be altered without changing a value. Of an episode's archive nobody reads the dates and attributes; its arrays have
     * checksums. What is lost from the end of the list of a recording under way is recorded again. The provenance of a stage that an earlier version
     * kept is read for the checksums in it alone.
     */
    private static final Set<String> HARMLESS = Set.of("episode", "episode, encoded", "episode of PlaNet's replay", "manifest of a recording under way",
            "older stage.provenance.json");

    private static final int TIMES = 3;
    private static final String FIRST_EPISODE = EpisodeStore.fileName(0);

    @TempDir
    static Path folder;

    private static Path work;
    private static Stage evaluation;

    private final Alterations alterations = new Alterations(16);

    @BeforeAll
    static void aTinyExperiment() {
        work = folder.resolve("work");
        try (CarRacingExperiment experiment = CarRacingExperiment.open(TINY, work)) {
            experiment.evaluation(Features.Z_H, Progress.NONE);
            evaluation = experiment.evaluationStages(Features.Z_H).getFirst();
        }
    }

    @Test
    void everyAlterationIsNamedOrChangesNothing() throws Exception {
        data();
        models();
        stages();
        whatIsUnderWay();
        keptStages();
        results();
        planet();
        System.out.println(alterations);
        assertEquals("", alterations.failures());
        assertTrue(alterations.total() >= 500, alterations.total() + " alterations");
        assertTrue(HARMLESS.containsAll(alterations.harmless().keySet()), alterations::toString);
    }

    private static Stage stage(String name) {
        return evaluation.ancestry().stream().filter(stage -> stage.name().startsWith(name)).findFirst().orElseThrow();
    }

    private void data() throws Exception {
        Stage rollouts = stage("rollouts");
        Callable<String> read = () -> recorded(new EpisodeStore(rollouts.file("manifest.csv").getParent()));
        alterations.of("episode", rollouts.folder().resolve(FIRST_EPISODE), 2 * TIMES, read);
        alterations.of("manifest", rollouts.folder().resolve("manifest.csv"), 2 * TIMES, read);
        Stage encodings = stage("encodings");
        Callable<String> encoded = () -> encoded(new EncodedStore(encodings.file("manifest.csv").getParent()));
        alterations.of("episode, encoded", encodings.folder().resolve(FIRST_EPISODE), TIMES, encoded);
        alterations.of("manifest of encodings", encodings.folder().resolve("manifest.csv"), TIMES, encoded);
    }

    private static String recorded(EpisodeStore store) {
        StringBuilder all = new StringBuilder();
        for (StoredEpisode each : store.episodes()) {
            Episode episode = store.read(each);
            all.append(each).append(WholeFile.sha256(episode.observations())).append(Arrays.toString(episode.actions()))
                    .append(Arrays.toString(episode.rewards())).append(Arrays.toString(episode.done()));
        }
        return all.toString();
    }

    private static String encoded(EncodedStore store) {
        StringBuilder all = new StringBuilder();
        for (StoredEpisode each : store.episodes()) {
            EncodedEpisode episode = store.read(each);
            all.append(each).append(Arrays.toString(episode.mu().floats())).append(Arrays.toString(episode.logvar().floats()))
                    .append(Arrays.toString(episode.actions())).append(Arrays.toString(episode.rewards())).append(Arrays.toString(episode.done()));
        }
        return all.toString();
    }

    private void models() throws Exception {
        Stage vision = stage("vision");
        alterations.of("V", vision.folder().resolve("vision.safetensors"), TIMES, () -> {
            Path file = vision.file("vision.safetensors");
            try (NDManager manager = Compute.newManager()) {
                return weights(VisionModels.load(manager, file).parameters().named().values()) + LearningCurve.of(file);
            }
        });
        Stage memory = stage("memory");
        alterations.of("M", memory.folder().resolve("memory.safetensors"), TIMES, () -> {
            Path file = memory.file("memory.safetensors");
            try (NDManager manager = Compute.newManager()) {
                return weights(MdnRnn.load(manager, MdnRnnShape.carRacing(4), file).parameters().named().values()) + LearningCurve.of(file);
            }
        });
        Stage controller = stage("controller");
        alterations.of("C", controller.folder().resolve("controller.safetensors"), TIMES, () -> checkpoint(controller.file("controller.safetensors")));
    }

    private static String weights(Collection<NDArray> arrays) {
        StringBuilder all = new StringBuilder();
        arrays.forEach(array -> all.append(WholeFile.sha256(array.toByteArray())));
        return all.toString();
    }

    /** All that a checkpoint says, as a training goes on from it. */
    private static String checkpoint(Path file) {
        Checkpoint read = Checkpoint.read(file);
        try (NDManager manager = Compute.newManager()) {
            return new TreeMap<>(read.text()) + weights(read.names().stream().map(name -> read.tensor(manager, name)).toList());
        }
    }

    private void stages() throws Exception {
        for (Stage stage : List.of(stage("rollouts"), stage("memory"), stage("controller"), evaluation)) {
            alterations.of("stage.json", stage.folder().resolve("stage.json"), TIMES, () -> told(stage));
        }
        alterations.of("episodes.csv", evaluation.folder().resolve("episodes.csv"), 2 * TIMES, () -> Evaluation.keptBy(evaluation).csv());
        alterations.of("generations.csv", stage("controller").folder().resolve("generations.csv"), 2 * TIMES, () -> {
            try (CarRacingExperiment experiment = CarRacingExperiment.open(TINY, work)) {
                return experiment.generations(Features.Z_H).toString();
            }
        });
        // Whatever else lies there: nothing of it may change without the table's provenance telling.
        for (Stage stage : evaluation.ancestry()) {
            try (Stream<Path> files = Files.list(stage.folder())) {
                for (Path file : files.filter(f -> !f.toString().endsWith(".npz") && !f.endsWith("lock")).sorted().toList()) {
                    alterations.of("any file, for provenance", file, 1, () -> evaluation.lineage().toString());
                }
            }
        }
    }

    private static String told(Stage stage) {
        return stage.facts() + " " + stage.seconds() + " " + stage.machine() + " " + stage.environmentSteps() + " " + stage.key();
    }

    private void whatIsUnderWay() throws Exception {
        Stage stopped = new Stage(work, "stopped", Map.of(), List.of());
        assertThrows(KitException.class, () -> stopped.complete(unused -> {
            throw new KitException("stopped");
        }));
        alterations.of("seconds.json", stopped.folder().resolve("seconds.json"), TIMES, () -> String.valueOf(stopped.seconds()));

        for (String running : List.of("vision", "memory")) {
            Path file = Files.copy(stage(running).folder().resolve(running + ".safetensors"), Files.createDirectories(folder.resolve("running"))
                    .resolve(running + ".safetensors"));
            alterations.of("running checkpoint of " + running, file, TIMES, () -> checkpoint(file));
        }
        evolution();

        Path recording = folder.resolve("recording");
        record(recording);
        Path manifest = recording.resolve("manifest.csv");
        List<String> lines = Files.readAllLines(manifest);
        Files.write(manifest, lines.subList(0, lines.size() - 1));
        alterations.of("manifest of a recording under way", manifest, 2 * TIMES, () -> record(recording));
    }

    /** Records what is not there yet; what is lost from the end of the list, where a process may be killed, is recorded again. */
    private static String record(Path recording) {
        try (ThreadedEnvironments environments = new ThreadedEnvironments(2, 1, () -> new TinyWorld(16, 5, 9))) {
            EpisodeStore store = new EpisodeStore(recording);
            store.record(new RolloutEngine(environments), Exploration.BROWNIAN.policy(environments.actionSpace(), 2),
                    IntStream.range(0, 4).mapToObj(i -> new EpisodeJob(0, i)).toList(), false, Progress.NONE);
            return recorded(store);
        }
    }

    /** A search of two generations, and what it comes to in a third. */
    private void evolution() throws Exception {
        Path file = Files.createDirectories(folder.resolve("search")).resolve(Evolution.CHECKPOINT);
        search(file, 2);
        Path resumed = Files.createDirectories(folder.resolve("resumed")).resolve(Evolution.CHECKPOINT);
        alterations.of("running checkpoint of evolution", file, 2 * TIMES, () -> {
            Files.copy(file, resumed, StandardCopyOption.REPLACE_EXISTING);
            return search(resumed, 3);
        });
    }

    private static String search(Path checkpoint, int generations) {
        Fitness hill = (candidates, seeds, progress) -> new Fitness.Returns(
                Arrays.stream(candidates).map(c -> Arrays.stream(seeds).mapToDouble(seed -> -Math.hypot(c[0] - 1, c[1] + seed)).toArray()).toArray(double[][]::new),
                Arrays.stream(candidates).map(c -> new int[seeds.length]).toArray(int[][]::new));
        Evolution.Tracks tracks = new Evolution.Tracks() {
            @Override
            public long[] train(int generation, int count) {
                return new long[] {1};
            }

            @Override
            public long[] select(int count) {
                return new long[] {1};
            }
        };
        Evolution search = new Evolution(new Evolution.Settings(6, 0.5, generations, 1, 1, 1), new double[2], 1, hill, hill, tracks, checkpoint);
        Candidate best = search.run(Progress.NONE);
        return Arrays.toString(best.parameters()) + best.selectionScore() + search.history().stream()
                .map(g -> List.of(g.number(), g.mean(), g.best(), g.worst(), g.sd(), g.sigma(), g.steps(), g.selectionScore())).toList();
    }

    private void keptStages() throws Exception {
        ResultsFolder results = new ResultsFolder(folder.resolve("kept"));
        results.keep(Provenance.of(TINY, evaluation), evaluation);
        for (Stage stage : List.of(stage("controller"), evaluation)) {
            Stage kept = stage.in(results.stages());
            for (String file : List.of("stage.json", kept.has("episodes.csv") ? "episodes.csv" : "controller.safetensors")) {
                alterations.of("kept " + file, kept.folder().resolve(file), TIMES, () -> told(kept) + kept.lineage());
            }
        }
        // As earlier versions kept them, of an agent that acts on samples.
        Path repository = Path.of(System.getProperty("kit.root"), "results", "laptop", "stages");
        try (CarRacingExperiment laptop = CarRacingExperiment.open(Preset.named("laptop").with("agent.latent", "SAMPLED"), folder.resolve("older"))) {
            Stage older = laptop.evaluationStages(Features.Z_H).getFirst();
            try (Stream<Path> files = Files.list(older.in(repository).folder())) {
                for (Path file : files.toList()) {
                    Files.copy(file, Files.createDirectories(older.folder()).resolve(file.getFileName()));
                }
            }
            for (String file : List.of("stage.json", "episodes.csv", "stage.provenance.json")) {
                alterations.of("older " + file, older.folder().resolve(file), TIMES, () -> told(older) + Evaluation.keptBy(older).csv());
            }
        }
    }

    private void results() throws Exception {
        ResultsFolder results = new ResultsFolder(folder.resolve("results"));
        Provenance provenance = Provenance.of(TINY, evaluation);
        ResultTable table = ResultTable.ofText("Scores", Map.of("score", List.of("906 ± 21", "632 ± 251")));
        results.table("scores", table, provenance);
        results.figure("frames", new ImageGrid("", 2).add(new RgbFrame(8, 8, new byte[192]), "black"), provenance);
        results.video("drive", new AnimatedGif(10, 1).panel("a", List.of(new RgbFrame(8, 8, new byte[192]))), provenance);
        results.file("tables", "episodes.csv", "track,score\n1,906.5\n2,880.1\n".getBytes(StandardCharsets.UTF_8), provenance);
        Path tables = results.path().resolve("tables");
        Callable<String> read = () -> results.table("scores").markdown() + results.table("scores").csv() + results.provenance("tables", "scores");
        alterations.of("table.csv", tables.resolve("scores.csv"), TIMES, read);
        alterations.of("table.md", tables.resolve("scores.md"), TIMES, read);
        alterations.of("provenance", tables.resolve("scores.provenance.json"), 2 * TIMES, read);
        alterations.of("table.tex", tables.resolve("scores.tex"), TIMES, () -> verified(results, "tables", "scores.tex"));
        alterations.of("scores of episodes", tables.resolve("episodes.csv"), TIMES, () -> verified(results, "tables", "episodes.csv"));
        alterations.of("figure", results.path().resolve("figures/frames.png"), TIMES, () -> WholeFile.sha256(results.figure("frames")));
        alterations.of("animation", results.path().resolve("videos/drive.gif"), TIMES, () -> WholeFile.sha256(results.video("drive")));
    }

    private static String verified(ResultsFolder results, String section, String file) {
        results.verify(section, file);
        return WholeFile.sha256(results.path().resolve(section).resolve(file));
    }

    private void planet() throws Exception {
        if (!MuJoCo.isAvailable() || OffscreenGl.problem() != null) {
            return;
        }
        Preset preset = Preset.named("smoke").with("planet.episodes", "3").with("planet.updates", "1").with("planet.steps", "160")
                .with("planet.batch", "2").with("planet.candidates", "10").with("planet.elites", "2").with("planet.channels", "2");
        PlanetRow row = PlanetStudy.of(preset).rows(ControlTask.CARTPOLE_SWINGUP, Dynamics.RSSM).getFirst();
        Path planets = folder.resolve("planets");
        try (PlanetExperiment experiment = PlanetExperiment.open(preset, planets)) {
            experiment.learn(row, Progress.NONE);
            Stage stage = experiment.stages().learning(row);
            Path weights = PlanetLearner.checkpoint(stage.folder());
            Path episodes = stage.folder().resolve("episodes");
            Callable<String> read = () -> {
                try (PlanetExperiment again = PlanetExperiment.open(preset, planets)) {
                    return weights(again.learn(row, Progress.NONE).model().parameters().named().values()) + again.log(row).toCsv() + told(stage);
                }
            };
            alterations.of("PlaNet", weights, TIMES, read);
            alterations.of("stage.json", stage.folder().resolve("stage.json"), TIMES, () -> told(stage));
            alterations.of("manifest of PlaNet's replay", episodes.resolve("manifest.csv"), TIMES, read);
            alterations.of("episode of PlaNet's replay", episodes.resolve(FIRST_EPISODE), TIMES, () -> recorded(new EpisodeStore(episodes)));
            Files.delete(stage.folder().resolve("stage.json"));
            alterations.of("running checkpoint of PlaNet", weights, TIMES, () -> checkpoint(weights) + experiment.log(row).toCsv());
        }
    }
}
