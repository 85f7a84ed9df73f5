package worldmodels.study.planet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import worldmodels.nn.Compute;
import worldmodels.planet.CrossEntropyPlanner;
import worldmodels.report.Interactive;
import worldmodels.report.Plot;
import worldmodels.report.SearchSteps;

/** The library's planner at work where one can see it: two actions, one after the other, and a formula in the place of a model. */
public final class PlanningSteps {

    private PlanningSteps() {}

    /**
     * Every iteration of one decision.
     *
     * @param iterations of the cross-entropy method
     * @param candidates of each
     * @param elites     the best of them, which make the next
     * @param returns    of a first and a second action, each within [-1, 1]
     * @param seed       of the candidates
     */
    public static Interactive of(int iterations, int candidates, int elites, DoubleBinaryOperator returns, long seed) {
        List<double[][]> tried = new ArrayList<>();
        try (NDManager manager = Compute.newManager()) {
            new CrossEntropyPlanner(new CrossEntropyPlanner.Settings(2, iterations, candidates, elites)).plan(manager, (actions, seeds) -> {
                float[] flat = actions.toFloatArray();
                double[][] plans = new double[candidates][];
                float[] returned = new float[candidates];
                for (int i = 0; i < candidates; i++) {
                    plans[i] = new double[] {flat[i], flat[candidates + i]};
                    returned[i] = (float) returns.applyAsDouble(plans[i][0], plans[i][1]);
                }
                tried.add(plans);
                return returned(actions, returned);
            }, 1, new long[] {seed});
        }
        String title = "The cross-entropy method over two actions";
        Plot still = new Plot(title, "first action", "second action");
        for (int i = 0; i < tried.size(); i += Math.max(1, tried.size() - 1)) {
            still.scatter("iteration " + (i + 1), column(tried.get(i), 0), column(tried.get(i), 1));
        }
        return SearchSteps.of(title, "iteration", still, (first, second) -> -returns.applyAsDouble(first, second), tried, elites);
    }

    private static NDArray returned(NDArray actions, float[] returns) {
        return actions.getManager().create(returns, new Shape(1, returns.length));
    }

    private static double[] column(double[][] plans, int action) {
        double[] column = new double[plans.length];
        for (int i = 0; i < column.length; i++) {
            column[i] = plans[i][action];
        }
        return column;
    }
}
