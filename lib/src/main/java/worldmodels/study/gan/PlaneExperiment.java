package worldmodels.study.gan;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import worldmodels.evaluation.WassersteinDistance;
import worldmodels.nn.LearningCurve;
import worldmodels.nn.Seeds;
import worldmodels.nn.SideBySide;
import worldmodels.nn.Terms;
import worldmodels.nn.Training;
import worldmodels.run.Preset;
import worldmodels.run.Progress;
import worldmodels.run.Settings;
import worldmodels.run.Settings.Key;
import worldmodels.run.Settings.Least;
import worldmodels.run.Settings.Section;
import worldmodels.run.Stage;
import worldmodels.run.WorkFolder;
import worldmodels.vision.plane.PlaneData;
import worldmodels.vision.plane.PlaneLearner;
import worldmodels.vision.plane.PlaneMethod;
import worldmodels.vision.plane.PlaneSettings;

/** Each method on each data of the preset, looked at as it learns; resumable stages, as many side by side as there are cores. */
public final class PlaneExperiment {

    /** The curve of the exact distance. */
    private static final String DISTANCE = "Wasserstein distance";
    private static final String FILE = "model.safetensors";

    /**
     * What a preset says of it.
     *
     * @param chains   models of each kind, by seeds
     * @param steps    of the generator
     * @param looks    in the course of them
     * @param measured points of either side whose distance is measured
     */
    @Section("plane")
    public record Study(@Key("seed") long seed, @Key("chains") @Least(1) int chains, List<PlaneData> data, List<PlaneMethod> methods, @Least(1) long steps,
            @Least(1) int looks, @Least(2) int measured, PlaneSettings learning) {

        Training.Rhythm rhythm() {
            long every = Math.max(1, steps / looks);
            return new Training.Rhythm(steps, every, every);
        }
    }

    /** What a model depends on beside how it learns. */
    @Section("plane")
    private record Own(@Least(1) long steps, @Least(1) int looks, @Least(2) int measured, PlaneSettings learning) {}

    private final Preset preset;
    private final Path work;
    private final Study study;

    private PlaneExperiment(Preset preset, Path work) {
        this.preset = preset;
        this.work = work;
        this.study = study(preset);
    }

    static Study study(Preset preset) {
        return Settings.of(preset, Study.class);
    }

    /** The preset that {@code WM_PRESET} names, in the chosen work folder. */
    public static PlaneExperiment open() {
        return open(Preset.chosen(), WorkFolder.chosen());
    }

    /** A preset in a work folder of its own. */
    public static PlaneExperiment open(Preset preset, Path work) {
        return new PlaneExperiment(preset, work);
    }

    public Preset preset() {
        return preset;
    }

    /** What the preset says. */
    public Study settings() {
        return study;
    }

    private record Task(PlaneData data, PlaneMethod method, long seed) {}

    private List<Task> tasks() {
        List<Task> tasks = new ArrayList<>();
        for (PlaneData data : study.data) {
            for (PlaneMethod method : study.methods) {
                for (long seed = study.seed; seed < study.seed + study.chains; seed++) {
                    tasks.add(new Task(data, method, seed));
                }
            }
        }
        return tasks;
    }

    /** Every method on every data, for each seed. */
    public List<PlaneRun> runs(Progress progress) {
        List<SideBySide.Piece> missing = tasks().stream().flatMap(task -> missing(task.data, task.method, task.seed).stream()).toList();
        if (!missing.isEmpty()) {
            SideBySide.run("GANs on a plane", "updates", missing, progress);
        }
        return tasks().stream().map(task -> read(task.data, task.method, task.seed)).toList();
    }

    /** The stages of {@link #runs}, in the same order. */
    public List<Stage> stages() {
        return tasks().stream().map(task -> stage(task.data, task.method, task.seed)).toList();
    }

    /** One of them, of the preset's first seed. */
    public PlaneRun run(PlaneData data, PlaneMethod method, Progress progress) {
        List<SideBySide.Piece> missing = missing(data, method, study.seed);
        if (!missing.isEmpty()) {
            SideBySide.run("GANs on a plane", "updates", missing, progress);
        }
        return read(data, method, study.seed);
    }

    /** How far apart two draws of the data are: no model can be nearer than that. */
    public double floor(PlaneData data) {
        return WassersteinDistance.between(reference(data), data.points(study.measured, Seeds.named(study.seed, "other reference")), 2);
    }

    /** Data that distances are measured to: the same for every model, and none that one learns from. */
    float[] reference(PlaneData data) {
        return data.points(study.measured, Seeds.named(study.seed, "reference"));
    }

    private List<SideBySide.Piece> missing(PlaneData data, PlaneMethod method, long seed) {
        Stage stage = stage(data, method, seed);
        if (stage.isFinished()) {
            return List.of();
        }
        int updates = method.updates(study.learning);
        return List.of(new SideBySide.Piece(method.label() + " on " + data.label(), 0, study.steps * updates, progress -> stage.complete(
                folder -> learn(data, method, seed, folder, Progress.ofPart((steps, note) -> progress.at(steps * updates, note))))));
    }

    private Map<String, String> learn(PlaneData data, PlaneMethod method, long seed, Path folder, Progress progress) {
        float[] reference = reference(data);
        PlaneLearner.Look look = (step, learner) -> {
            PlaneLook seen = PlaneLook.of(step, learner, study.measured);
            seen.write(folder);
            return Terms.of(DISTANCE, WassersteinDistance.between(seen.samples(), reference, 2));
        };
        try (PlaneLearner learner = new PlaneLearner(data, method, study.learning, Seeds.named(seed, "plane"), look)) {
            Training training = new Training(learner, study.rhythm(), folder.resolve(FILE));
            training.run(progress);
            return Map.of("distance", String.valueOf(training.curve(DISTANCE).last().validation()));
        }
    }

    private PlaneRun read(PlaneData data, PlaneMethod method, long seed) {
        Stage stage = stage(data, method, seed);
        stage.check();
        Path file = stage.file(FILE);
        LearningCurve distance = LearningCurve.of(file, DISTANCE);
        return new PlaneRun(data, method, seed, LearningCurve.of(file, PlaneLearner.SAYS), distance,
                distance.points().stream().map(point -> PlaneLook.read(stage.folder(), point.step())).toList(), stage);
    }

    private Stage stage(PlaneData data, PlaneMethod method, long seed) {
        SortedMap<String, String> settings = Settings.text(preset, Own.class);
        settings.put("data", data.name());
        settings.put("method", method.name());
        settings.put("training seed", String.valueOf(seed));
        return new Stage(work, "plane", settings, List.of());
    }
}
