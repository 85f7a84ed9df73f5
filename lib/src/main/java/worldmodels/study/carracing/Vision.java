package worldmodels.study.carracing;

import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.List;
import worldmodels.data.EpisodeStore;
import worldmodels.data.FrameBatches;
import worldmodels.data.Split;
import worldmodels.data.StoredEpisode;
import worldmodels.nn.LearningCurve;
import worldmodels.nn.Seeds;
import worldmodels.nn.Training;
import worldmodels.run.Preset;
import worldmodels.run.Progress;
import worldmodels.run.Stage;
import worldmodels.vision.VisionKind;
import worldmodels.vision.VisionLearner;
import worldmodels.vision.VisionModel;
import worldmodels.vision.VisionModels;

/** V, trained on the frames of all episodes but those kept for validation. */
public final class Vision {

    static final String FILE = "vision.safetensors";
    /** Batches of unseen frames that a point of the curve measures, at most. */
    private static final int VALIDATION_BATCHES = 10;

    private final Preset preset;
    private final NDManager manager;
    private final Rollouts rollouts;
    private final Stage stage;
    private TrainedVision trained;

    /** @param name of the stage */
    public Vision(Preset preset, Path work, String name, NDManager manager, Rollouts rollouts) {
        this.preset = preset;
        this.manager = manager;
        this.rollouts = rollouts;
        this.stage = new Stage(work, name, VisionModels.of(preset).settings(preset), List.of(rollouts.stage()));
    }

    public Stage stage() {
        return stage;
    }

    public TrainedVision trained(Progress progress) {
        if (trained == null) {
            if (!stage.isFinished()) {
                EpisodeStore episodes = rollouts.episodes(progress);
                stage.complete(folder -> TrainedVision.facts(train(episodes, folder.resolve(FILE), progress)));
            }
            Path file = stage.file(FILE);
            trained = new TrainedVision(VisionModels.load(manager, file), LearningCurve.of(file), stage);
        }
        return trained;
    }

    private LearningCurve train(EpisodeStore episodes, Path file, Progress progress) {
        Split<StoredEpisode> split = rollouts.split(episodes.episodes());
        VisionKind kind = VisionModels.of(preset);
        long seed = Seeds.named(preset.integer("seed"), "vision");
        try (FrameBatches training = frames(episodes, split.train()); FrameBatches validation = frames(episodes, split.validation());
                VisionModel model = kind.make(manager, preset, seed)) {
            Training.Rhythm rhythm = kind.rhythm(preset, training.batchesPerEpoch());
            VisionLearner.Frames frames = new VisionLearner.Frames(training.batch(), training::fill, validation::fill,
                    Math.min(VALIDATION_BATCHES, validation.batchesPerEpoch()));
            try (VisionLearner learner = kind.learner(model, preset, frames, rhythm.steps(), seed)) {
                return new Training(learner, rhythm, file).run(progress);
            }
        }
    }

    private FrameBatches frames(EpisodeStore store, List<StoredEpisode> episodes) {
        return new FrameBatches(store, episodes, VisionModels.of(preset).batch(preset), Seeds.named(preset.integer("seed"), "frames"));
    }
}
