package worldmodels.study.carracing;

import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Map;
import worldmodels.data.EpisodeStore;
import worldmodels.data.FrameBatches;
import worldmodels.data.Split;
import worldmodels.data.StoredEpisode;
import worldmodels.env.carracing.CarRacingVersion;
import worldmodels.evaluation.FeatureExtractor;
import worldmodels.memory.LatentEpisode;
import worldmodels.nn.Seeds;
import worldmodels.report.Figure;
import worldmodels.run.Progress;
import worldmodels.vision.VisionModel;
import worldmodels.vision.VisionQuality;

/** What V is worth, on frames of validation episodes: the same frames whichever V is shown them. */
record VisionTests(long seed, NDManager manager, Rollouts rollouts, Vision vision) {

    private static final int BATCH = 20;
    private static final int QUALITY_BATCHES = 50;

    VisionQuality quality(Progress progress) {
        VisionModel model = vision.trained(progress).model();
        try (FrameBatches unseen = unseen(progress)) {
            return VisionQuality.measure(manager, model, unseen::fill, Math.min(QUALITY_BATCHES, unseen.batchesPerEpoch()), unseen.batch());
        }
    }

    /** @param frames at most */
    PictureScores pictureScores(FeatureExtractor extractor, int frames, Progress progress) {
        VisionModel model = vision.trained(progress).model();
        try (FrameBatches unseen = unseen(progress)) {
            int batches = (int) Math.clamp(frames / unseen.batch(), 1, unseen.batchesPerEpoch());
            return PictureScores.of(manager, model, unseen::fill, batches, unseen.batch(), extractor, seed, progress);
        }
    }

    /**
     * R² of linear probes of the driver's situation, fitted on frames of training episodes: of each fifth frame, where the car is on the road.
     *
     * @param encoded  every episode as V sees it
     * @param episodes training episodes, at most
     */
    Map<String, Double> probes(CarRacingVersion version, List<LatentEpisode> encoded, int episodes, Progress progress) {
        Split<LatentEpisode> latents = rollouts.split(encoded);
        EpisodeStore store = rollouts.episodes(progress);
        Split<StoredEpisode> recorded = rollouts.split(store.episodes());
        int count = Math.min(episodes, latents.train().size());
        Moments train = Moments.of(version, store, recorded.train().subList(0, count), latents.train().subList(0, count), progress);
        Moments test = Moments.of(version, store, recorded.validation(), latents.validation(), progress);
        return train.probes(test);
    }

    /** {@link Moments#map} of the validation episodes. */
    Figure map(CarRacingVersion version, List<LatentEpisode> encoded, Progress progress) {
        EpisodeStore store = rollouts.episodes(progress);
        return Moments.of(version, store, rollouts.split(store.episodes()).validation(), rollouts.split(encoded).validation(), progress).map();
    }

    private FrameBatches unseen(Progress progress) {
        EpisodeStore store = rollouts.episodes(progress);
        return new FrameBatches(store, rollouts.split(store.episodes()).validation(), BATCH, Seeds.named(seed, "judged frames"));
    }
}
