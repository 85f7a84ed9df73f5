package worldmodels.study.panda;

import java.util.List;
import worldmodels.evolution.Generation;
import worldmodels.run.Stage;

/**
 * C that has been evolved.
 *
 * @param weights of the distribution mean that did best on the selection goals
 * @param history every generation
 */
public record ReachedController(ReachRow row, double[] weights, List<Generation> history, Stage stage) {}
