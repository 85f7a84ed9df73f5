package worldmodels.study.carracing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import worldmodels.data.EncodedStore;
import worldmodels.data.EpisodeStore;
import worldmodels.data.Npy;
import worldmodels.data.StoredEpisode;
import worldmodels.memory.LatentEpisode;
import worldmodels.run.Progress;
import worldmodels.run.Stage;
import worldmodels.vision.FrameEncoder;
import worldmodels.vision.VisionModel;

/**
 * Every episode as V sees it, in the store's order.
 *
 * @param earlier what that V has encoded in the rounds before; none where V is this round's own
 */
public record Encodings(Stage stage, Rollouts rollouts, Vision vision, List<Encodings> earlier) {

    public static Encodings of(Path work, String name, Rollouts rollouts, Vision vision) {
        return new Encodings(new Stage(work, name, Map.of(), List.of(vision.stage())), rollouts, vision, List.of());
    }

    /** These and those of one round more, by the same V. */
    Encodings and(Path work, String name, Rollouts more) {
        return new Encodings(new Stage(work, name, Map.of(), List.of(vision.stage(), more.stage(), stage)), more, vision, List.of(this));
    }

    public List<LatentEpisode> episodes(Progress progress) {
        List<LatentEpisode> all = new ArrayList<>();
        earlier.forEach(before -> all.addAll(before.episodes(progress)));
        EpisodeStore store = rollouts.episodes(progress);
        VisionModel model = vision.trained(progress).model();
        stage.complete(folder -> {
            List<StoredEpisode> fresh = store.episodes().subList(all.size(), store.episodes().size());
            try (FrameEncoder encoder = model.encoder()) {
                new EncodedStore(folder).encode(store, fresh, model.latentSize(), Npy.Type.FLOAT16, encoder::encode, progress);
            }
            return Map.of();
        });
        EncodedStore encoded = new EncodedStore(stage.folder());
        all.addAll(LatentEpisode.read(encoded, encoded.episodes()));
        return all;
    }
}
