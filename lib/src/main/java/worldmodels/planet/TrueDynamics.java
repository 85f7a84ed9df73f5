package worldmodels.planet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Planning with the true dynamics: the row "CEM + true simulator" of the paper's table, and the test that tells a planner's faults from a model's.
 * Several copies of the simulator play the candidates side by side.
 *
 * @param copies of one simulator, one per thread; the caller closes them
 * @param states where each lane stands
 * @param <S>    what describes a state
 */
public record TrueDynamics<S>(List<? extends Simulator<S>> copies, List<S> states) implements PlanningModel {

    @Override
    public NDArray returns(NDArray actions, long[] seeds) {
        Shape shape = actions.getShape();
        int horizon = (int) shape.get(0);
        int candidates = (int) shape.get(2);
        int size = (int) shape.get(3);
        int all = (int) shape.get(1) * candidates;
        float[] values = actions.toFloatArray();
        float[] returns = new float[all];
        AtomicInteger next = new AtomicInteger();
        IntStream.range(0, copies.size()).parallel().forEach(copy -> {
            double[] sequence = new double[horizon * size];
            for (int i = next.getAndIncrement(); i < all; i = next.getAndIncrement()) {
                for (int t = 0; t < horizon; t++) {
                    for (int k = 0; k < size; k++) {
                        sequence[t * size + k] = values[(t * all + i) * size + k];
                    }
                }
                returns[i] = (float) copies.get(copy).play(states.get(i / candidates), sequence);
            }
        });
        return actions.getManager().create(returns, new Shape(shape.get(1), candidates));
    }
}
