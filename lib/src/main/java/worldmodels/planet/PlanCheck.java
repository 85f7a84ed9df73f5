package worldmodels.planet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import worldmodels.data.Episode;
import worldmodels.env.Space;
import worldmodels.nn.Gradients;
import worldmodels.nn.Noise;
import worldmodels.nn.Seeds;

/**
 * Are a model's promises kept? From states along one episode, actions are played both in the model and in the simulator: first candidates as a planner's first
 * iteration draws them, then the plans that the planner makes of them. A planner looks for what its model is wrong about in its favour, so a promise that is
 * true on average may be broken where it is relied on.
 *
 * @param correlation of promised and true returns over the horizon among the candidates of one state, mean over states
 * @param promised    return that the model expects of its plans, mean over states
 * @param kept        return that these plans bring in the simulator
 * @param possible    return of plans made by the same planner with the simulator itself
 * @param action      mean |a| of the plans' first actions: a planner that is told nothing stays near 0
 */
public record PlanCheck(double correlation, double promised, double kept, double possible, double action) {

    /**
     * @param episode that the model watches
     * @param space   the environment's actions
     * @param copies  of the simulator
     * @param states  where the episode stood before each of its actions
     * @param every   from every how many-th of these states it is planned
     * @param seed    of what is drawn
     */
    public static <S> PlanCheck of(PlanetModel model, PixelDepth depth, Acting acting, Episode episode, Space space, List<? extends Simulator<S>> copies,
            List<S> states, int every, long seed) {
        CrossEntropyPlanner.Settings settings = acting.planner();
        int[] steps = IntStream.iterate(every, t -> t + settings.horizon() < episode.length(), t -> t + every).toArray();
        CrossEntropyPlanner planner = new CrossEntropyPlanner(settings);
        try (NDManager scope = model.parameters().manager().newSubManager(); Gradients.Pause pause = Gradients.pause()) {
            LatentSequence seen = SeenEpisode.of(scope, model, depth, episode, space, episode.length(), seed).sequence();
            NDArray rows = scope.create(Arrays.stream(steps).asLongStream().toArray());
            LatentState start = new LatentState(seen.belief() == null ? null : seen.belief().get(rows), null, seen.sample().get(rows));
            PlanningModel imagined = new LatentPlanning(model, start, acting.imagining().noise());
            PlanningModel played = new TrueDynamics<>(copies, Arrays.stream(steps).mapToObj(states::get).toList());
            long[] seeds = Arrays.stream(steps).mapToLong(t -> Seeds.named(seed, "plan check", t)).toArray();

            NDArray candidates = Noise.normal(scope, new Shape(settings.horizon(), steps.length, settings.candidates(), space.size()), seed).clip(-1, 1);
            double[][] told = rows(imagined.returns(candidates, seeds), steps.length);
            double[][] came = rows(played.returns(candidates, seeds), steps.length);
            NDArray plans = planner.plan(scope, imagined, space.size(), seeds);
            NDArray best = planner.plan(scope, played, space.size(), seeds);
            return new PlanCheck(IntStream.range(0, steps.length).mapToDouble(i -> RewardForecast.correlation(told[i], came[i])).average().orElseThrow(),
                    mean(imagined, plans, seeds), mean(played, plans, seeds), mean(played, best, seeds), plans.get(0).abs().mean().toFloatArray()[0]);
        }
    }

    private static double mean(PlanningModel model, NDArray plans, long[] seeds) {
        return model.returns(plans.expandDims(2), seeds).mean().toFloatArray()[0];
    }

    private static double[][] rows(NDArray returns, int lanes) {
        float[] values = returns.toFloatArray();
        int each = values.length / lanes;
        return IntStream.range(0, lanes).mapToObj(lane -> IntStream.range(lane * each, (lane + 1) * each).mapToDouble(i -> values[i]).toArray())
                .toArray(double[][]::new);
    }
}
