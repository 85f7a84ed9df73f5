package worldmodels.planet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import worldmodels.data.Episode;
import worldmodels.env.Space;
import worldmodels.nn.Gradients;
import worldmodels.nn.Noise;
import worldmodels.nn.Seeds;

/**
 * How well a model tells the rewards of a recorded episode from the actions alone, after the last of its pictures: what its planner goes by.
 *
 * @param errors      root mean squared error of one reward, told 1, 2, ... steps after the last picture
 * @param correlation of the sum of the rewards told over the horizon with the sum of those that came, over the episode's steps
 * @param spread      deviation of the posterior's means over the episode, a number of s on average: the scale that the model has given its state
 * @param unexplained share of the posterior means' variance that the prior's mean, one step ahead, does not tell
 */
public record RewardForecast(double[] errors, double correlation, double spread, double unexplained) {

    /**
     * @param space   the environment's actions, for their bounds
     * @param horizon steps ahead
     * @param seed    of what is drawn
     */
    public static RewardForecast of(PlanetModel model, PixelDepth depth, Episode episode, Space space, int horizon, long seed) {
        int length = episode.length();
        LatentDynamics dynamics = model.dynamics();
        try (NDManager scope = model.parameters().manager().newSubManager(); Gradients.Pause pause = Gradients.pause()) {
            SeenEpisode seen = SeenEpisode.of(scope, model, depth, episode, space, length, seed);
            LatentState watched = new LatentState(seen.sequence().belief(), seen.sequence().posterior(), seen.sequence().sample());
            List<LatentState> ahead = Overshooting.ahead(watched, seen.actions(), length, horizon, (state, action, distance) -> dynamics.imagine(state, action,
                    Noise.normalInBulk(scope, new Shape(action.getShape().get(0), dynamics.shape().state()), Seeds.named(seed, "forecast", distance))));
            double[] errors = new double[ahead.size()];
            double[] told = new double[length - ahead.size()];
            double[] came = new double[told.length];
            for (int d = 1; d <= ahead.size(); d++) {
                float[] rewards = model.reward(ahead.get(d - 1).features()).toFloatArray();
                for (int t = 0; t < rewards.length; t++) {
                    errors[d - 1] += Math.pow(rewards[t] - seen.rewards()[t + d], 2) / rewards.length;
                    if (t < told.length) {
                        told[t] += rewards[t];
                        came[t] += seen.rewards()[t + d];
                    }
                }
                errors[d - 1] = Math.sqrt(errors[d - 1]);
            }
            NDArray means = seen.sequence().posterior().mean().get("1:");
            double variance = means.sub(means.mean(new int[] {0}, true)).square().mean().toFloatArray()[0];
            double missed = means.sub(seen.sequence().prior().mean().get("1:")).square().mean().toFloatArray()[0];
            return new RewardForecast(errors, correlation(told, came), Math.sqrt(variance), missed / variance);
        }
    }

    /** Pearson's; 0 where one of the two is the same everywhere. */
    static double correlation(double[] a, double[] b) {
        double n = a.length;
        double sumA = 0;
        double sumB = 0;
        for (int i = 0; i < n; i++) {
            sumA += a[i] / n;
            sumB += b[i] / n;
        }
        double ab = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < n; i++) {
            ab += (a[i] - sumA) * (b[i] - sumB);
            aa += (a[i] - sumA) * (a[i] - sumA);
            bb += (b[i] - sumB) * (b[i] - sumB);
        }
        return aa < 1e-12 || bb < 1e-12 ? 0 : ab / Math.sqrt(aa * bb);
    }
}
