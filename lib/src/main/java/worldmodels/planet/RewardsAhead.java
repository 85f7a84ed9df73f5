package worldmodels.planet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import worldmodels.nn.Noise;
import worldmodels.nn.Seeds;
import worldmodels.nn.TorchOps;

/**
 * Rewards told from states that went several steps without a picture, which is all that a planner ever asks of the reward network:
 *
 * <pre>
 *   1/D · Σ_d mean over t of (r_t - r̂(h, s))²      with h, s of step t imagined from the posterior of step t - d
 * </pre>
 *
 * Trained on posterior samples alone (equation 3), the network has never seen such states. The gradient goes through the imagined steps into the
 * transition, the prior and the posterior that they set out from.
 *
 * @param furthest D
 */
record RewardsAhead(int furthest) {

    /**
     * @param actions that led to each step, (time * batch, actions)
     * @param rewards that came with each step, (time * batch)
     * @param noise   seed
     * @return the mean squared error above, a scalar; 0 where nothing is asked for
     */
    NDArray loss(PlanetModel model, LatentSequence sequence, NDArray actions, NDArray rewards, int steps, long noise) {
        LatentDynamics dynamics = model.dynamics();
        LatentState watched = new LatentState(sequence.belief(), sequence.posterior(), sequence.sample());
        long batch = actions.getShape().get(0) / steps;
        List<LatentState> ahead = Overshooting.ahead(watched, actions, steps, furthest, (state, action, distance) -> dynamics.imagine(state, action,
                Noise.normalInBulk(action.getManager(), new Shape(action.getShape().get(0), dynamics.shape().state()),
                        Seeds.named(noise, "rewards ahead", distance))));
        NDArray loss = null;
        for (int d = 1; d <= ahead.size(); d++) {
            NDArray error = model.reward(ahead.get(d - 1).features()).sub(rewards.get(d * batch + ":")).square().mean();
            NDArray term = TorchOps.times(error, 1.0 / ahead.size());
            loss = loss == null ? term : loss.add(term);
        }
        return loss == null ? actions.getManager().create(0f) : loss;
    }
}
