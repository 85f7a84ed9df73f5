package worldmodels.rl;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.function.Function;
import worldmodels.data.EpisodeJob;
import worldmodels.data.Policy;
import worldmodels.env.ActionScale;
import worldmodels.env.Space;
import worldmodels.nn.Checkpoint;
import worldmodels.run.KitException;
import worldmodels.run.Settings;

/**
 * An actor that {@link Ppo} has trained, acting by the mean of its distribution, in plain Java: the same bits on every machine and in any number of lanes.
 *
 * {@snippet :
 * Policy policy = PpoActor.load(checkpoint, settings, environments.observationSpace(), environments.actionSpace()).policy();
 * }
 */
public final class PpoActor {

    /** The network's part of all names of weights. */
    static final String NAME = "actor";

    private final ActionDistribution distribution;
    private final Sights sights;
    private final ActionScale scale;
    private final float[] x;
    private PlainNetwork network;

    PpoActor(ActionDistribution distribution, Sights sights, Space actions) {
        this.distribution = distribution;
        this.sights = sights;
        this.scale = new ActionScale(actions);
        this.x = new float[scale.size()];
    }

    /**
     * The actor of a training's checkpoint.
     *
     * @param settings that it was trained with
     * @throws KitException if the checkpoint is no PPO's, or belongs to other settings, observations or actions
     */
    public static PpoActor load(Path checkpoint, PpoSettings settings, Space observations, Space actions) {
        Checkpoint found = Checkpoint.read(checkpoint, Ppo.KIND);
        if (found.number(Ppo.OBSERVATION) != observations.size() || found.number(Ppo.ACTION) != actions.size()) {
            throw new KitException("The actor of " + checkpoint + " sees " + found.number(Ppo.OBSERVATION) + " numbers and gives " + found.number(Ppo.ACTION)
                    + ", this environment shows " + observations.size() + " and takes " + actions.size() + "; choose the environment that it learned in.");
        }
        found.require(Settings.text(settings));
        Sights sights = Sights.of(observations, settings.normalisedObservations());
        sights.restore(found);
        PpoActor actor = new PpoActor(ActionDistribution.of(settings), sights, actions);
        actor.take(NetworkShape.valueOf(found.text().get(Ppo.NETWORK)), observations.shape(), found::floats);
        return actor;
    }

    /** @param weights by their full names */
    void take(NetworkShape shape, int[] seen, Function<String, float[]> weights) {
        network = new PlainNetwork(shape, seen, name -> weights.apply(NAME + "." + name));
    }

    /** The network's outputs at what a lane sees; overwritten by the next. */
    float[] outputs(ByteBuffer observations, int lane) {
        return network.apply(sights.look(observations, lane));
    }

    /** Brings x within the action's bounds. */
    void act(float[] x, double[] actions, int at) {
        for (int i = 0; i < x.length; i++) {
            actions[at + i] = scale.toEnvironment(i, distribution.toUnit(x[i]));
        }
    }

    /**
     * The gradient of the action without chance by the first numbers of what is seen, by differences: small steps, since the network is made of straight pieces.
     *
     * @param seen  one observation, a vector
     * @param count of numbers
     * @return (actions, count), in the units of both
     */
    public double[][] sensitivity(float[] seen, int count) {
        double[][] gradient = new double[x.length][count];
        float step = 0.01f;
        for (int i = 0; i < count; i++) {
            double[] more = at(seen, i, step);
            double[] less = at(seen, i, -step);
            for (int a = 0; a < x.length; a++) {
                gradient[a][i] = (more[a] - less[a]) / (2 * step);
            }
        }
        return gradient;
    }

    private double[] at(float[] seen, int which, float by) {
        ByteBuffer one = ByteBuffer.allocate(seen.length * Float.BYTES);
        one.asFloatBuffer().put(seen).put(which, seen[which] + by);
        double[] action = new double[x.length];
        distribution.mean(outputs(one, 0), x);
        act(x, action, 0);
        return action;
    }

    /** This actor in environments, without chance. Not safe for use by two threads at once. */
    public Policy policy() {
        return new Policy() {

            @Override
            public void start(int lane, EpisodeJob job) {}

            @Override
            public void act(ByteBuffer observations, boolean[] active, double[] actions) {
                for (int lane = 0; lane < active.length; lane++) {
                    if (active[lane]) {
                        distribution.mean(outputs(observations, lane), x);
                        PpoActor.this.act(x, actions, lane * x.length);
                    }
                }
            }
        };
    }
}
