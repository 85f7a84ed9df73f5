package worldmodels.planet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import worldmodels.data.Episode;
import worldmodels.env.Space;
import worldmodels.nn.Gradients;
import worldmodels.run.KitException;

/**
 * A recorded episode as a model sees it: decoded with every picture at hand, and from some step on without any, under the same actions. The second is
 * what a planner goes by.
 *
 * @param watched         frames that both have seen; from there on {@code predicted} goes on alone
 * @param real            the episode's frames, uint8 (frames, 64, 64, 3)
 * @param reconstructed   from posteriors
 * @param predicted       from posteriors while watching, from priors afterwards
 * @param reward          what came with each frame but the first (frames)
 * @param rewardOfWatched what the model makes of it with every picture at hand
 * @param rewardPredicted and without
 */
public record Foresight(int watched, byte[][] real, byte[][] reconstructed, byte[][] predicted, float[] reward, float[] rewardOfWatched,
        float[] rewardPredicted) {

    private static final int FRAME = SequenceReplay.FRAME;

    /**
     * @param actions the environment's, for their bounds
     * @param watched frames before the model goes on alone, at least 1
     * @param length  frames in all, at most the episode's
     * @param seed    of what is drawn
     */
    public static Foresight of(PlanetModel model, PixelDepth depth, Episode episode, Space actions, int watched, int length, long seed) {
        if (watched < 1 || watched > length || length > episode.length()) {
            throw new KitException("Of an episode of " + episode.length() + " frames " + length + " cannot be shown with " + watched
                    + " of them watched; choose 1 <= watched <= length <= " + episode.length() + ".");
        }
        LatentDynamics dynamics = model.dynamics();
        try (NDManager scope = model.parameters().manager().newSubManager(); Gradients.Pause pause = Gradients.pause()) {
            SeenEpisode seenEpisode = SeenEpisode.of(scope, model, depth, episode, actions, length, seed);
            NDArray seen = seenEpisode.sequence().features();
            NDArray alone = watched == length ? seen : seen.get(":" + watched).concat(goOn(dynamics, seenEpisode, watched, length), 0);
            return new Foresight(watched, frames(episode, length), decoded(model, seen), decoded(model, alone), seenEpisode.rewards(),
                    model.reward(seen).toFloatArray(), model.reward(alone).toFloatArray());
        }
    }

    private static NDArray goOn(LatentDynamics dynamics, SeenEpisode seen, int watched, int length) {
        LatentState state = dynamics.initial(seen.actions().getManager(), 1);
        for (int t = 0; t < watched; t++) {
            String row = t + ":" + (t + 1);
            state = dynamics.observe(state, seen.actions().get(row), seen.embeddings().get(row), seen.noise().get(row));
        }
        String rest = watched + ":";
        return dynamics.imagine(state, length - watched, seen.actions().get(rest), seen.noise().get(rest));
    }

    private static byte[][] frames(Episode episode, int length) {
        byte[][] frames = new byte[length][];
        for (int t = 0; t < length; t++) {
            frames[t] = episode.observation(t);
        }
        return frames;
    }

    private static byte[][] decoded(PlanetModel model, NDArray features) {
        float[] values = model.decode(features).transpose(0, 2, 3, 1).toFloatArray();
        byte[][] frames = new byte[values.length / FRAME][FRAME];
        for (int i = 0; i < values.length; i++) {
            frames[i / FRAME][i % FRAME] = (byte) PixelDepth.toByte(values[i]);
        }
        return frames;
    }
}
