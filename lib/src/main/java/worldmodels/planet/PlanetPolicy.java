package worldmodels.planet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;
import worldmodels.data.EpisodeJob;
import worldmodels.data.Policy;
import worldmodels.env.ActionScale;
import worldmodels.env.Space;
import worldmodels.nn.Gradients;
import worldmodels.nn.Noise;
import worldmodels.nn.Normal;
import worldmodels.nn.Seeds;
import worldmodels.random.Pcg64;
import worldmodels.run.KitException;

/**
 * A model that acts by planning (Hafner et al. 2019, algorithm 1, lines 8 to 12): the picture corrects the latent state, the planner looks ahead from
 * there, and its first action is taken, with noise while collecting. The state then follows the action that was taken, noise included.
 *
 * <p>All that is random in an episode comes from its seed; all lanes are planned for at once.
 */
public final class PlanetPolicy implements Policy {

    private final PlanetModel model;
    private final CrossEntropyPlanner planner;
    private final PixelDepth depth;
    private final ActionScale scale;
    private final Imagining imagining;
    private final double noise;
    private final int lanes;
    private final int[] all;
    private final LastPlans plans;
    private final NDManager manager;

    private final long[] seeds;
    private final Pcg64[] random;
    private final int[] time;
    private final float[] previous;
    private LatentState state;

    /**
     * @param model   stays the caller's to close
     * @param depth   of the pixels that the model has learned from
     * @param actions the environment's actions
     * @param lanes   episodes at once
     */
    public PlanetPolicy(PlanetModel model, Acting acting, PixelDepth depth, Space actions, int lanes) {
        this.model = model;
        this.planner = new CrossEntropyPlanner(acting.planner());
        this.depth = depth;
        this.scale = new ActionScale(actions);
        this.imagining = acting.imagining();
        this.noise = acting.noise();
        this.lanes = lanes;
        this.all = IntStream.range(0, lanes).toArray();
        this.plans = new LastPlans(acting.planner(), lanes, scale.size());
        this.manager = model.parameters().manager().newSubManager();
        this.seeds = new long[lanes];
        this.random = new Pcg64[lanes];
        this.time = new int[lanes];
        this.previous = new float[lanes * scale.size()];
        this.state = model.dynamics().initial(manager, lanes);
    }

    @Override
    public void start(int lane, EpisodeJob job) {
        seeds[lane] = Seeds.named(job.seed(), "planet policy");
        random[lane] = Pcg64.stream(job.seed(), "planet action noise");
        time[lane] = 0;
        Arrays.fill(previous, lane * scale.size(), (lane + 1) * scale.size(), 0);
        plans.forget(lane);
    }

    @Override
    public void act(ByteBuffer observations, boolean[] active, double[] actions) {
        try (NDManager scope = manager.newSubManager(); Gradients.Pause pause = Gradients.pause()) {
            LatentState now = observed(scope, observations);
            float[] plan = plans.take(planner.plan(scope, new LatentPlanning(model, now, imagining.noise()), plans.begin(scope, all), named("planet plan")), all);
            keep(now);
            for (int lane = 0; lane < lanes; lane++) {
                if (active[lane]) {
                    take(lane, plan, actions);
                }
            }
        }
    }

    /** Where the model of each lane thought it was when it last acted. */
    public LatentState state() {
        return state;
    }

    private LatentState observed(NDManager scope, ByteBuffer observations) {
        NDArray frames = scope.create(observations, new Shape(lanes, 64, 64, 3), DataType.UINT8);
        NDArray pixels = depth.centred(frames, Noise.lanes(0, named("planet pixels"), seed -> Noise.uniformInBulk(scope, new Shape(1, 64, 64, 3), seed)));
        Shape one = new Shape(1, model.dynamics().shape().state());
        NDArray draws = imagining.start() == Imagining.Start.MEAN ? scope.zeros(new Shape(lanes, one.get(1)))
                : Noise.lanes(0, named("planet state"), seed -> Noise.normalInBulk(scope, one, seed));
        NDArray action = scope.create(previous, new Shape(lanes, scale.size()));
        return model.dynamics().observe(remembered(scope), action, model.encode(pixels), draws);
    }

    /** The last state, and nothing in lanes whose episode begins. */
    private LatentState remembered(NDManager scope) {
        float[] old = new float[lanes];
        for (int lane = 0; lane < lanes; lane++) {
            old[lane] = time[lane] > 0 ? 1 : 0;
        }
        NDArray mask = scope.create(old, new Shape(lanes, 1));
        return new LatentState(state.belief() == null ? null : mask.mul(state.belief()), null, mask.mul(state.sample()));
    }

    private void keep(LatentState now) {
        Normal last = state.distribution();
        for (NDArray old : new NDArray[] {state.belief(), last.mean(), last.deviation(), state.sample()}) {
            if (old != null) {
                old.close();
            }
        }
        // For dynamics that draw nothing the sample is the mean itself.
        NDArray sample = now.sample() == now.distribution().mean() ? now.sample().duplicate() : now.sample();
        state = new LatentState(now.belief(), now.distribution(), sample);
        for (NDArray current : new NDArray[] {now.belief(), now.distribution().mean(), now.distribution().deviation(), sample}) {
            if (current != null) {
                current.attach(manager);
            }
        }
    }

    private void take(int lane, float[] plan, double[] actions) {
        int size = scale.size();
        for (int k = 0; k < size; k++) {
            int i = lane * size + k;
            if (!Float.isFinite(plan[i])) {
                throw new KitException("The planner's action is " + plan[i] + ": the model expects no finite reward any more; go back to an earlier"
                        + " checkpoint or lower planet.learningRate.");
            }
            double noisy = noise == 0 ? plan[i] : Math.clamp(plan[i] + noise * random[lane].standardNormal(), -1, 1);
            previous[i] = (float) noisy;
            actions[i] = scale.toEnvironment(k, noisy);
        }
        time[lane]++;
    }

    private long[] named(String name) {
        long[] named = new long[lanes];
        for (int lane = 0; lane < lanes; lane++) {
            named[lane] = Seeds.named(seeds[lane], name, time[lane]);
        }
        return named;
    }

    @Override
    public void close() {
        manager.close();
    }
}
