package worldmodels.rl;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import worldmodels.data.EpisodeJob;
import worldmodels.data.Policy;
import worldmodels.env.ActionScale;
import worldmodels.env.Space;
import worldmodels.nn.Checkpoint;
import worldmodels.run.KitException;

/**
 * An actor network that acts without noise, a = tanh of its first outputs, in plain Java: at one observation a native call per operation takes longer
 * than the sums, and here an action is the same bits on every machine and in any number of lanes.
 *
 * {@snippet :
 * Policy policy = Actor.load(checkpoint, environment.observationSpace(), environment.actionSpace()).policy();
 * }
 */
public final class Actor {

    /** The network's part of all names of weights. */
    static final String NAME = "actor";

    /** y = x W + b; W lies input by input, so that a row of it is added for each input. */
    private static final class Dense {

        final float[] y;
        private final float[] rows;
        private final float[] bias;

        Dense(int inputs, int outputs) {
            y = new float[outputs];
            bias = new float[outputs];
            rows = new float[inputs * outputs];
        }

        /** @param weight (outputs, inputs) row-major */
        void take(float[] weight, float[] bias) {
            System.arraycopy(bias, 0, this.bias, 0, y.length);
            int inputs = rows.length / y.length;
            for (int o = 0, from = 0; o < y.length; o++) {
                for (int i = 0, to = o; i < inputs; i++, to += y.length) {
                    rows[to] = weight[from++];
                }
            }
        }

        void apply(float[] x) {
            System.arraycopy(bias, 0, y, 0, y.length);
            for (int i = 0, row = 0; row < rows.length; i++, row += y.length) {
                float factor = x[i];
                for (int o = 0; o < y.length; o++) {
                    y[o] = Math.fma(factor, rows[row + o], y[o]);
                }
            }
        }
    }

    private final int observation;
    private final ActionScale scale;
    private final RunningNormalisation normalisation;
    private final List<Dense> layers = new ArrayList<>();
    private final float[] input;

    /** @param outputs of the network, at least as many as an action has numbers */
    Actor(int observation, Space actions, int hiddenLayers, int width, int outputs, RunningNormalisation normalisation) {
        this.observation = observation;
        this.scale = new ActionScale(actions);
        this.normalisation = normalisation;
        this.input = new float[observation];
        int size = observation;
        for (int layer = 0; layer < hiddenLayers; layer++) {
            layers.add(new Dense(size, width));
            size = width;
        }
        layers.add(new Dense(size, outputs));
    }

    /**
     * The actor of a training's checkpoint.
     *
     * @throws KitException if the checkpoint is none of this package's, or belongs to other observations or actions
     */
    public static Actor load(Path checkpoint, Space observations, Space actions) {
        Checkpoint found = Checkpoint.read(checkpoint, Ddpg.KIND, Td3.KIND, Sac.KIND);
        if (found.number(OffPolicy.OBSERVATION) != observations.size() || found.number(OffPolicy.ACTION) != actions.size()) {
            throw new KitException("The actor of " + checkpoint + " sees " + found.number(OffPolicy.OBSERVATION) + " numbers and gives "
                    + found.number(OffPolicy.ACTION) + ", this environment shows " + observations.size() + " and takes " + actions.size()
                    + "; choose the environment that it learned in.");
        }
        RunningNormalisation normalisation = new RunningNormalisation(observations.size());
        normalisation.restore(found);
        int layers = (int) found.names().stream().filter(name -> name.matches(NAME + "\\.hidden\\d+\\.bias")).count();
        int width = found.floats(NAME + ".hidden1.bias").length;
        Actor actor = new Actor(observations.size(), actions, layers, width, found.floats(NAME + ".output.bias").length, normalisation);
        actor.take(found::floats);
        return actor;
    }

    /** @param weights by name */
    void take(Function<String, float[]> weights) {
        for (int layer = 0; layer < layers.size(); layer++) {
            String name = NAME + (layer == layers.size() - 1 ? ".output" : ".hidden" + (layer + 1));
            layers.get(layer).take(weights.apply(name + ".weight"), weights.apply(name + ".bias"));
        }
    }

    /** The network's outputs for an observation; overwritten by the next. */
    float[] outputs(float[] observation) {
        normalisation.apply(observation, 0, input, 0);
        float[] x = input;
        for (int layer = 0; layer < layers.size(); layer++) {
            Dense dense = layers.get(layer);
            dense.apply(x);
            x = dense.y;
            for (int i = 0; i < x.length && layer < layers.size() - 1; i++) {
                x[i] = Math.max(x[i], 0);
            }
        }
        return x;
    }

    /** The action without noise, within [-1, 1]. */
    float[] act(float[] observation) {
        float[] outputs = outputs(observation);
        float[] action = new float[scale.size()];
        for (int i = 0; i < action.length; i++) {
            action[i] = (float) StrictMath.tanh(outputs[i]);
        }
        return action;
    }

    /** This actor in an environment, its actions stretched over their bounds. Not safe for use by two threads at once. */
    public Policy policy() {
        return new Policy() {

            private final float[] seen = new float[observation];

            @Override
            public void start(int lane, EpisodeJob job) {}

            @Override
            public void act(ByteBuffer observations, boolean[] active, double[] actions) {
                for (int lane = 0; lane < active.length; lane++) {
                    if (active[lane]) {
                        observations.slice(lane * observation * Float.BYTES, observation * Float.BYTES).order(observations.order()).asFloatBuffer().get(seen);
                        float[] action = Actor.this.act(seen);
                        for (int i = 0; i < action.length; i++) {
                            actions[lane * action.length + i] = scale.toEnvironment(i, action[i]);
                        }
                    }
                }
            }
        };
    }
}
