package worldmodels.planet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import worldmodels.nn.Gradients;
import worldmodels.nn.Noise;
import worldmodels.nn.Seeds;
import worldmodels.run.KitException;
import worldmodels.run.Settings.Before;
import worldmodels.run.Settings.Least;

/**
 * The cross-entropy method over action sequences (Rubinstein 1997; Hafner et al. 2019, algorithm 2):
 *
 * <pre>
 *   μ, σ = 0, 1                                      for each step of the horizon and component of the action
 *   repeat I times
 *     J sequences a ~ N(μ, σ²), clipped to [-1, 1]
 *     the K with the greatest return
 *     μ = their mean      σ = their deviation (1/K) + 1e-6
 *   take the first action of μ
 * </pre>
 *
 * <p>The paper keeps nothing from one decision to the next. A shifted plan begins with μ at the plan of the decision before, moved by the step that
 * was taken (model predictive control's warm start; Pinneri et al. 2020, iCEM, section 3); σ begins at 1 all the same. The paper does not mention the
 * clipping, both public versions do it; without it elites drift to actions that the environment would cut off anyway. Several decisions ("lanes") are made at once, each with noise of its own seed; all of it stays on
 * the device until the actions are read.
 */
public final class CrossEntropyPlanner {

    private static final float LEAST_DEVIATION = 1e-6f;

    /**
     * @param horizon    H, steps to look ahead, 12 in the paper
     * @param iterations I, 10
     * @param candidates J, 1000
     * @param elites     K, 100
     * @param shifted    whether μ begins at the last plan, moved by one step
     */
    @worldmodels.run.Settings.Section("planet")
    public record Settings(@Least(1) int horizon, @Least(1) int iterations, @Least(1) int candidates, @Least(1) int elites,
            @Before("false") boolean shifted) {

        /** @throws KitException if a number is below 1, or there are more elites than candidates */
        public Settings {
            if (horizon < 1 || iterations < 1 || elites < 1 || elites > candidates) {
                throw new KitException("A planner with horizon " + horizon + ", " + iterations + " iterations and " + elites + " elites of " + candidates
                        + " candidates cannot work; each must be at least 1, and elites at most as many as candidates (planet.horizon and its neighbours).");
            }
        }

        /** The paper's, which begins each decision at zeros. */
        public Settings(int horizon, int iterations, int candidates, int elites) {
            this(horizon, iterations, candidates, elites, false);
        }
    }

    private final Settings settings;

    public CrossEntropyPlanner(Settings settings) {
        this.settings = settings;
    }

    /** A plan that begins at zeros. @param actionSize values of one action */
    public NDArray plan(NDManager scope, PlanningModel model, int actionSize, long[] seeds) {
        return plan(scope, model, scope.zeros(new Shape(settings.horizon, seeds.length, actionSize)), seeds);
    }

    /**
     * @param model whose rewards are sought
     * @param begin the first μ, (horizon, lanes, action size)
     * @param seeds one per lane
     * @return the final μ, (horizon, lanes, action size), attached to the scope
     */
    public NDArray plan(NDManager scope, PlanningModel model, NDArray begin, long[] seeds) {
        long actionSize = begin.getShape().get(2);
        Shape shape = new Shape(settings.horizon, seeds.length, 1, actionSize);
        try (NDManager work = scope.newSubManager(); Gradients.Pause pause = Gradients.pause()) {
            NDArray mean = begin.reshape(shape);
            mean.attach(work);
            NDArray deviation = work.ones(shape);
            for (int i = 0; i < settings.iterations; i++) {
                try (NDManager iteration = work.newSubManager()) {
                    NDArray actions = candidates(iteration, mean, deviation, seeds, i);
                    NDArray returns = model.returns(actions, named(seeds, "model", i));
                    NDArray elites = elites(actions, returns);
                    NDArray newMean = elites.mean(new int[] {2}, true);
                    NDArray newDeviation = elites.sub(newMean).square().mean(new int[] {2}, true).sqrt().addi(LEAST_DEVIATION);
                    mean = replaced(mean, newMean, work);
                    deviation = replaced(deviation, newDeviation, work);
                }
            }
            NDArray plan = mean.reshape(settings.horizon, seeds.length, actionSize);
            plan.attach(scope);
            return plan;
        }
    }

    private NDArray candidates(NDManager scope, NDArray mean, NDArray deviation, long[] seeds, int iteration) {
        Shape each = new Shape(settings.horizon, 1, settings.candidates, mean.getShape().get(3));
        NDArray noise = Noise.lanes(1, named(seeds, "candidates", iteration), seed -> Noise.normalInBulk(scope, each, seed));
        return noise.mul(deviation).add(mean).clip(-1, 1);
    }

    private NDArray elites(NDArray actions, NDArray returns) {
        Shape shape = actions.getShape();
        NDArray index = returns.topK(settings.elites, 1, true, false).get(1);
        return actions.gather(index.reshape(1, shape.get(1), settings.elites, 1)
                .broadcast(new Shape(shape.get(0), shape.get(1), settings.elites, shape.get(3))), 2);
    }

    private static NDArray replaced(NDArray old, NDArray now, NDManager owner) {
        old.close();
        now.attach(owner);
        return now;
    }

    private static long[] named(long[] seeds, String name, int index) {
        long[] named = new long[seeds.length];
        for (int lane = 0; lane < named.length; lane++) {
            named[lane] = Seeds.named(seeds[lane], name, index);
        }
        return named;
    }
}
