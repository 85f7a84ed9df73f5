package worldmodels.planet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import worldmodels.nn.Noise;

/**
 * Rewards that a learned model expects: from one latent state per lane, in latent space alone. Nothing is decoded, and the reward network sees all
 * steps of all candidates at once.
 *
 * @param start one row per lane; in a manager that ends with the decision
 * @param drawn how the states of candidates are drawn
 */
public record LatentPlanning(PlanetModel model, LatentState start, Imagining.Noise drawn) implements PlanningModel {

    @Override
    public NDArray returns(NDArray actions, long[] seeds) {
        LatentDynamics dynamics = model.dynamics();
        Shape shape = actions.getShape();
        long horizon = shape.get(0);
        long lanes = shape.get(1);
        long candidates = shape.get(2);
        NDArray noise = dynamics.isStochastic() ? noise(actions.getManager(), shape, dynamics.shape().state(), seeds) : null;
        LatentState from = new LatentState(start.belief() == null ? null : repeated(start.belief(), candidates), null,
                repeated(start.sample(), candidates));
        NDArray features = dynamics.imagine(from, (int) horizon, actions.reshape(-1, shape.get(3)), noise);
        return model.reward(features).reshape(horizon, lanes, candidates).sum(new int[] {0});
    }

    /** (horizon * lanes * candidates, state) */
    private NDArray noise(NDManager scope, Shape actions, int state, long[] seeds) {
        Shape all = new Shape(actions.get(0), actions.get(1), actions.get(2), state);
        if (drawn == Imagining.Noise.NONE) {
            return scope.zeros(all).reshape(-1, state);
        }
        Shape each = new Shape(actions.get(0), 1, drawn == Imagining.Noise.COMMON ? 1 : actions.get(2), state);
        return Noise.lanes(1, seeds, seed -> Noise.normalInBulk(scope, each, seed)).broadcast(all).reshape(-1, state);
    }

    /** Each row several times, one after the other. */
    private static NDArray repeated(NDArray rows, long times) {
        long lanes = rows.getShape().get(0);
        long width = rows.getShape().get(1);
        return rows.expandDims(1).broadcast(new Shape(lanes, times, width)).reshape(lanes * times, width);
    }
}
