package worldmodels.planet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import worldmodels.data.Episode;
import worldmodels.env.ActionScale;
import worldmodels.env.Space;
import worldmodels.nn.Noise;
import worldmodels.nn.Seeds;

/**
 * The beginning of a recorded episode as a model sees it with every picture at hand. A row is a step.
 *
 * @param actions    that led to each frame, within [-1, 1], (frames, actions)
 * @param embeddings of the frames, (frames, embedding)
 * @param noise      of the states, (frames, state)
 * @param sequence   what the dynamics make of them
 * @param rewards    that came with each frame; 0 with the first
 */
record SeenEpisode(NDArray actions, NDArray embeddings, NDArray noise, LatentSequence sequence, float[] rewards) {

    /**
     * @param space  the environment's actions, for their bounds
     * @param length frames, at most the episode's
     * @param seed   of what is drawn
     */
    static SeenEpisode of(NDManager scope, PlanetModel model, PixelDepth depth, Episode episode, Space space, int length, long seed) {
        LatentDynamics dynamics = model.dynamics();
        ByteBuffer frames = ByteBuffer.allocateDirect(length * SequenceReplay.FRAME).put(episode.observations(), 0, length * SequenceReplay.FRAME).flip();
        NDArray embeddings = model.encode(depth.centred(scope.create(frames, new Shape(length, 64, 64, 3), DataType.UINT8),
                Seeds.named(seed, "foresight pixels")));
        NDArray ledHere = scope.create(led(episode, new ActionScale(space), length), new Shape(length, space.size()));
        NDArray noise = Noise.normalInBulk(scope, new Shape(length, dynamics.shape().state()), Seeds.named(seed, "foresight states"));
        return new SeenEpisode(ledHere, embeddings, noise, dynamics.observe(length, ledHere, embeddings, noise), rewards(episode, length));
    }

    private static float[] led(Episode episode, ActionScale scale, int length) {
        int size = scale.size();
        float[] led = new float[length * size];
        for (int i = size; i < led.length; i++) {
            led[i] = (float) scale.toUnit(i % size, episode.actions()[i - size]);
        }
        return led;
    }

    private static float[] rewards(Episode episode, int length) {
        float[] rewards = new float[length];
        System.arraycopy(episode.rewards(), 0, rewards, 1, length - 1);
        return rewards;
    }
}
