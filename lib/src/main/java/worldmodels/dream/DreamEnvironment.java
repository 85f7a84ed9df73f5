package worldmodels.dream;

import java.nio.ByteBuffer;
import java.util.Arrays;
import worldmodels.env.Environment;
import worldmodels.env.Space;
import worldmodels.env.Transition;
import worldmodels.memory.MdnRnn;
import worldmodels.run.KitException;

/**
 * A {@link Dream} as an environment like any other: what is observed is z, float32 (latent), which V decodes to a picture. The action is the real
 * environment's.
 */
public final class DreamEnvironment implements Environment {

    private static final boolean[] ACTIVE = {true};

    private final Dream dream;
    private final Space actions;
    private final Space observations;
    private final double[] reward = new double[1];
    private final boolean[] terminated = new boolean[1];
    private final boolean[] truncated = new boolean[1];
    private final float[] z;

    /** @param actions of the real environment */
    public DreamEnvironment(MdnRnn memory, FirstFrames beginnings, DreamSettings settings, Space actions) {
        if (actions.size() != memory.shape().actions()) {
            throw new KitException("M is for " + memory.shape().actions() + " actions, the environment takes " + actions.size()
                    + "; dream of the environment that M was trained on.");
        }
        this.dream = new Dream(memory, beginnings, settings, 1);
        this.actions = actions;
        this.z = new float[dream.latent()];
        double[] low = new double[z.length];
        double[] high = new double[z.length];
        Arrays.fill(low, -Dream.FARTHEST);
        Arrays.fill(high, Dream.FARTHEST);
        this.observations = Space.vector(low, high);
    }

    @Override
    public Space observationSpace() {
        return observations;
    }

    @Override
    public Space actionSpace() {
        return actions;
    }

    @Override
    public void reset(long seed) {
        dream.start(0, seed);
    }

    @Override
    public Transition step(double[] action) {
        if (action.length != actions.size()) {
            throw new KitException("The dream takes " + actions.size() + " action values, not " + action.length + ".");
        }
        for (double value : action) {
            if (!Double.isFinite(value)) {
                throw new KitException("The action holds " + value + "; look for NaN in the policy.");
            }
        }
        dream.step(ACTIVE, action, reward, terminated, truncated);
        return new Transition(reward[0], terminated[0], truncated[0]);
    }

    @Override
    public void observe(ByteBuffer target) {
        dream.latent(0, z, 0);
        for (float value : z) {
            target.putFloat(value);
        }
    }

    /** A copy of z, for V to decode. */
    public float[] latent() {
        dream.latent(0, z, 0);
        return z.clone();
    }

    /** Copies M's h to {@code target[at]} and on, what a controller sees beside z. */
    public void hidden(float[] target, int at) {
        dream.hidden(0, target, at);
    }
}
