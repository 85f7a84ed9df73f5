package worldmodels.report;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import worldmodels.agent.Agent;
import worldmodels.agent.WorldModelPolicy;
import worldmodels.data.EpisodeJob;
import worldmodels.env.Environment;
import worldmodels.evolution.Generation;
import worldmodels.experiment.TrainedController;

/** Pictures of a search and of what it found. */
public final class ControllerFigures {

    private ControllerFigures() {}

    /**
     * Generations of a search in two dimensions, one colour each.
     *
     * @param clouds      the populations by generation, each (candidates, 2)
     * @param generations which of them to draw
     */
    public static Plot clouds(String title, List<double[][]> clouds, int... generations) {
        Plot plot = new Plot(title, "x1", "x2");
        for (int generation : generations) {
            plot.scatter("generation " + (generation + 1), column(clouds.get(generation), x -> x[0]), column(clouds.get(generation), x -> x[1]));
        }
        return plot;
    }

    /** Each search's population by generation: line the mean, shade from worst to best; points the mean of the distribution on its tracks. */
    public static Figure generations(List<TrainedController> searches) {
        return Figure.grid(1, 1, searches.stream().map(ControllerFigures::generations).toList());
    }

    private static Plot generations(TrainedController search) {
        double[] numbers = of(search.history(), Generation::number);
        List<Generation> selections = search.history().stream().filter(Generation::selected).toList();
        return new Plot("C on " + search.features().label() + ", seed " + search.seed(), "generation", "score")
                .band("population", numbers, of(search.history(), Generation::worst), of(search.history(), Generation::mean),
                        of(search.history(), Generation::best))
                .scatter("distribution mean on the selection tracks", of(selections, Generation::number), of(selections, Generation::selectionScore));
    }

    /**
     * A drive of a trained agent: what V sees beside what V decodes from the z that C acts on.
     *
     * @param environment 64 x 64 pixels; closed by the caller
     * @param steps       at most
     */
    public static AnimatedGif drive(Agent agent, Environment environment, long track, int steps) {
        List<RgbFrame> seen = new ArrayList<>();
        List<float[]> kept = new ArrayList<>();
        ByteBuffer frame = ByteBuffer.allocateDirect(environment.observationSpace().bytes());
        double[] action = new double[environment.actionSpace().size()];
        boolean[] active = {true};
        try (WorldModelPolicy policy = agent.policy(1)) {
            environment.reset(track);
            policy.start(0, new EpisodeJob(0, track));
            boolean ended = false;
            for (int t = 0; t < steps && !ended; t++) {
                environment.observe(frame.clear());
                policy.act(frame.clear(), active, action);
                seen.add(RgbFrame.of(environment));
                kept.add(policy.latent(0));
                ended = environment.step(action).ended();
            }
        }
        return new AnimatedGif(25, 2).panel("what V sees", seen)
                .panel("decoded from z", VisionFigures.decoded(agent.vision(), kept.toArray(float[][]::new)));
    }

    private static double[] of(List<Generation> generations, ToDoubleFunction<Generation> figure) {
        return generations.stream().mapToDouble(figure).toArray();
    }

    private static double[] column(double[][] points, ToDoubleFunction<double[]> coordinate) {
        return Arrays.stream(points).mapToDouble(coordinate).toArray();
    }
}
