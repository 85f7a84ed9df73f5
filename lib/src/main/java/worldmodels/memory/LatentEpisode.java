package worldmodels.memory;

import java.io.Serializable;
import java.util.List;
import worldmodels.data.EncodedEpisode;
import worldmodels.data.EncodedStore;
import worldmodels.data.StoredEpisode;
import worldmodels.random.Pcg64;
import worldmodels.run.KitException;

/**
 * One recorded episode as V sees it: for each frame the posterior over z and the action taken there. Means and log variances are kept in
 * half precision, as the authors kept theirs: 10,000 episodes of 1,000 frames take 1.3 GB. Not to be changed after it is made.
 */
public final class LatentEpisode implements Serializable {

    private final int frames;
    private final int latent;
    private final int actions;
    private final short[] mean;
    private final short[] logVariance;
    private final float[] action;
    private final float[] reward;
    private final boolean terminated;

    /**
     * @param latent      length of z
     * @param mean        μ, (frames, latent) row-major
     * @param logVariance ln σ², (frames, latent)
     * @param action      taken at each frame, (frames, actions)
     * @param reward      that followed each action, (frames)
     * @param terminated  whether the task ended with the last action, rather than the recording
     * @throws KitException if there are fewer than two frames, lengths do not fit or a value is not finite
     */
    public LatentEpisode(int latent, float[] mean, float[] logVariance, float[] action, float[] reward, boolean terminated) {
        this.frames = reward.length;
        this.latent = latent;
        if (frames < 2 || mean.length != frames * latent || logVariance.length != frames * latent || action.length % frames != 0) {
            throw new KitException("An episode of " + frames + " frames with " + mean.length + " means, " + logVariance.length
                    + " log variances and " + action.length + " action values cannot be remembered; encode it again with "
                    + latent + " latents.");
        }
        this.actions = action.length / frames;
        this.mean = halves(mean, "mean");
        this.logVariance = halves(logVariance, "log variance");
        this.action = action.clone();
        this.reward = reward.clone();
        this.terminated = terminated;
        requireFinite(action, "action");
        requireFinite(reward, "reward");
    }

    /** @param terminated see {@link worldmodels.data.StoredEpisode#terminated} */
    public static LatentEpisode of(EncodedEpisode episode, boolean terminated) {
        return new LatentEpisode(episode.latent(), episode.mu().floats(), episode.logvar().floats(), episode.actions(),
                episode.rewards(), terminated);
    }

    /** Encoded episodes, read into memory. */
    public static List<LatentEpisode> read(EncodedStore store, List<StoredEpisode> episodes) {
        return episodes.stream().map(episode -> of(store.read(episode), episode.terminated())).toList();
    }

    /**
     * This episode as a dream wants it told, in which an end is always the one that costs {@code fine} (-100 beyond CarRacing's field). The reward of
     * a step that ended so is 0: the fine is a rule of the environment, and one such step in a thousand would drown all others in a squared error. An
     * episode that ended in any other way, as by a finished lap, is one whose recording stops there. The last reward tells the two apart.
     */
    public LatentEpisode endingOnlyBy(double fine) {
        if (!terminated) {
            return this;
        }
        boolean isFined = reward[frames - 1] <= fine / 2;
        float[] rewards = reward.clone();
        rewards[frames - 1] = isFined ? 0 : rewards[frames - 1];
        return new LatentEpisode(frames, latent, actions, mean, logVariance, action, rewards, isFined);
    }

    private LatentEpisode(int frames, int latent, int actions, short[] mean, short[] logVariance, float[] action, float[] reward, boolean terminated) {
        this.frames = frames;
        this.latent = latent;
        this.actions = actions;
        this.mean = mean;
        this.logVariance = logVariance;
        this.action = action;
        this.reward = reward;
        this.terminated = terminated;
    }

    public int frames() {
        return frames;
    }

    public int latent() {
        return latent;
    }

    public int actions() {
        return actions;
    }

    /** μ of one component at a frame. */
    public float mean(int frame, int component) {
        return Float.float16ToFloat(mean[frame * latent + component]);
    }

    /** μ at a frame, (latent). */
    public float[] mean(int frame) {
        float[] z = new float[latent];
        for (int i = 0; i < latent; i++) {
            z[i] = mean(frame, i);
        }
        return z;
    }

    /** ln σ² of one component at a frame. */
    public float logVariance(int frame, int component) {
        return Float.float16ToFloat(logVariance[frame * latent + component]);
    }

    /**
     * Draws z of a frame from V's posterior.
     *
     * @param deviation of z about its mean, at most; V's own if it is infinite
     * @param z         receives {@link #latent} values from {@code offset} on
     */
    public void draw(int frame, float deviation, Pcg64 random, float[] z, int offset) {
        for (int i = 0; i < latent; i++) {
            z[offset + i] = (float) (mean(frame, i) + Math.min(deviation, StrictMath.exp(0.5 * logVariance(frame, i))) * random.standardNormal());
        }
    }

    public float action(int frame, int component) {
        return action[frame * actions + component];
    }

    /** What was done at a frame, (actions). */
    public double[] action(int frame) {
        double[] all = new double[actions];
        for (int i = 0; i < actions; i++) {
            all[i] = action(frame, i);
        }
        return all;
    }

    /** The reward that followed the frame's action. */
    public float reward(int frame) {
        return reward[frame];
    }

    /** Steps to learn from: from each frame to the next, and the one that ended the task, whose next frame does not exist. */
    int steps() {
        return terminated ? frames : frames - 1;
    }

    /** Whether the task ended with the frame's action. */
    public boolean ended(int frame) {
        return terminated && frame == frames - 1;
    }

    private static short[] halves(float[] values, String what) {
        requireFinite(values, what);
        short[] halves = new short[values.length];
        for (int i = 0; i < values.length; i++) {
            halves[i] = Float.floatToFloat16(values[i]);
        }
        return halves;
    }

    private static void requireFinite(float[] values, String what) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new KitException("An episode's " + what + " is not finite (" + value + "); retrain V or record the episode again.");
            }
        }
    }
}
