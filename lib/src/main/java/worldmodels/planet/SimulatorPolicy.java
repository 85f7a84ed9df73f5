package worldmodels.planet;

import ai.djl.ndarray.NDManager;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import worldmodels.data.EpisodeJob;
import worldmodels.data.Policy;
import worldmodels.env.ActionScale;
import worldmodels.env.Space;
import worldmodels.nn.Compute;
import worldmodels.nn.Seeds;

/**
 * Acts by planning with the true dynamics; it asks the environments for their states and looks at no picture.
 *
 * @param <S> what describes a state
 */
public final class SimulatorPolicy<S> implements Policy {

    private final CrossEntropyPlanner planner;
    private final List<? extends Simulator<S>> copies;
    private final IntFunction<S> stateOfLane;
    private final ActionScale scale;
    private final long[] seeds;
    private final int[] time;
    private final LastPlans plans;
    private final NDManager manager = Compute.newManager();

    /**
     * @param copies      of the simulator, closed with this
     * @param stateOfLane where a lane's episode stands
     */
    public SimulatorPolicy(CrossEntropyPlanner.Settings planner, List<? extends Simulator<S>> copies, IntFunction<S> stateOfLane, Space actions, int lanes) {
        this.planner = new CrossEntropyPlanner(planner);
        this.copies = copies;
        this.stateOfLane = stateOfLane;
        this.scale = new ActionScale(actions);
        this.seeds = new long[lanes];
        this.time = new int[lanes];
        this.plans = new LastPlans(planner, lanes, scale.size());
    }

    @Override
    public void start(int lane, EpisodeJob job) {
        seeds[lane] = Seeds.named(job.seed(), "simulator policy");
        time[lane] = 0;
        plans.forget(lane);
    }

    @Override
    public void act(ByteBuffer observations, boolean[] active, double[] actions) {
        int[] acting = IntStream.range(0, active.length).filter(lane -> active[lane]).toArray();
        long[] named = IntStream.of(acting).mapToLong(lane -> Seeds.named(seeds[lane], "plan", time[lane]++)).toArray();
        List<S> states = IntStream.of(acting).mapToObj(stateOfLane).toList();
        int size = scale.size();
        try (NDManager scope = manager.newSubManager()) {
            float[] plan = plans.take(planner.plan(scope, new TrueDynamics<>(copies, states), plans.begin(scope, acting), named), acting);
            for (int i = 0; i < acting.length; i++) {
                for (int k = 0; k < size; k++) {
                    actions[acting[i] * size + k] = scale.toEnvironment(k, plan[i * size + k]);
                }
            }
        }
    }

    @Override
    public boolean looks() {
        return false;
    }

    @Override
    public void close() {
        copies.forEach(Simulator::close);
        manager.close();
    }
}
