package worldmodels.agent;

import java.nio.ByteBuffer;
import worldmodels.controller.Controller;
import worldmodels.controller.Features;
import worldmodels.data.EpisodeJob;
import worldmodels.data.Policy;
import worldmodels.random.Pcg64;

/**
 * The authors' exploration: for each episode V, M and C get random weights, each a standard Cauchy number times a scale that is even in
 * (0, 0.01), and drive.
 *
 * <p>In their published code V's and M's weights are then divided by 10,000 (they pass through the reader of their integer weight files),
 * which leaves V's mean and log variance and M's h within a hundredth of zero (a test draws such networks): the sampled z is white noise
 * N(0, 1), whatever is seen. What is left of the three networks is C on that noise: a = tanh(b + z W) with Cauchy W and b, squashed into
 * the car's ranges. That is what this policy computes, without pictures. Heavy tails make some episodes steer hard, brake for good or
 * race; most roll along at half gas.
 */
public final class RandomNetworkPolicy implements Policy {

    /** The largest scale of an episode's weights. */
    public static final double LARGEST_SCALE = 0.01;

    private static final int LATENT = 32;

    private final Controller controller;
    private final double[][] parameters;
    private final Pcg64[] random;
    private final float[] z = new float[LATENT];

    /** @param lanes episodes at once */
    public RandomNetworkPolicy(int lanes) {
        this.controller = Features.Z.controller(LATENT, 0);
        this.parameters = new double[lanes][controller.parameterCount()];
        this.random = new Pcg64[lanes];
    }

    @Override
    public void start(int lane, EpisodeJob job) {
        random[lane] = Pcg64.stream(job.seed(), "random network");
        double scale = random[lane].nextDouble() * LARGEST_SCALE;
        for (int i = 0; i < parameters[lane].length; i++) {
            parameters[lane][i] = scale * cauchy(random[lane]);
        }
    }

    @Override
    public void act(ByteBuffer observations, boolean[] active, double[] actions) {
        for (int lane = 0; lane < parameters.length; lane++) {
            if (active[lane]) {
                for (int i = 0; i < LATENT; i++) {
                    z[i] = (float) random[lane].standardNormal();
                }
                controller.act(z, 0, parameters[lane], actions, lane * controller.actions());
            }
        }
    }

    @Override
    public boolean looks() {
        return false;
    }

    /** A standard Cauchy number: the ratio of two standard normal ones. */
    static double cauchy(Pcg64 random) {
        return random.standardNormal() / random.standardNormal();
    }
}
