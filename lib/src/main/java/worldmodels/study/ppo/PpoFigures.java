package worldmodels.study.ppo;

import static worldmodels.report.Numbers.format;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import worldmodels.evolution.Generation;
import worldmodels.nn.LearningCurve;
import worldmodels.report.AnimatedGif;
import worldmodels.report.Figure;
import worldmodels.report.ImageGrid;
import worldmodels.report.Plot;
import worldmodels.report.RgbFrame;
import worldmodels.rl.ActionHistograms;
import worldmodels.rl.PpoActor;
import worldmodels.study.carracing.TrainedController;
import worldmodels.study.carracing.VisionFigures;
import worldmodels.vision.VisionModel;

/** Pictures of how PPO learns and what its policies look at. */
public final class PpoFigures {

    private static final List<String> ACTIONS = List.of("steering", "gas", "brake");
    private static final double[] LOW = {-1, 0, 0};
    private static final double[] HIGH = {1, 1, 1};

    private PpoFigures() {}

    /**
     * Score against experience and against time: PPO's actors without chance and evolution's distribution means, both on selection tracks. Both axes of cost
     * are logarithmic.
     */
    public static Figure learning(List<LearnedPpo> agents, List<TrainedController> searches) {
        Plot steps = new Plot("Speed of learning, by experience", "environment steps", "score on selection tracks").logX();
        Plot hours = new Plot("Speed of learning, by time", "hours", "score on selection tracks").logX();
        for (TrainedController search : searches) {
            String name = "CMA-ES, chain " + search.seed();
            steps.hue(PpoRow.values().length);
            hours.hue(PpoRow.values().length);
            List<Generation> history = search.history();
            double[] scores = history.stream().filter(Generation::selected).mapToDouble(Generation::selectionScore).toArray();
            steps.line(name, summed(history, Generation::steps), scores);
            hours.line(name, summed(history, generation -> generation.seconds() / 3600), scores);
        }
        for (LearnedPpo agent : agents) {
            String name = name(agent);
            steps.hue(agent.row().ordinal());
            hours.hue(agent.row().ordinal());
            double[] updates = column(agent.returns(), LearningCurve.Point::step);
            double[] scores = column(agent.returns(), LearningCurve.Point::validation);
            steps.line(name, times(updates, agent.stepsPerUpdate()), scores);
            hours.line(name, times(updates, agent.hoursPerUpdate()), scores);
        }
        return Figure.grid(1, 1, List.of(steps, hours));
    }

    private static double[] summed(List<Generation> history, ToDoubleFunction<Generation> cost) {
        double sum = 0;
        List<Double> sums = new ArrayList<>();
        for (Generation generation : history) {
            sum += cost.applyAsDouble(generation);
            if (generation.selected()) {
                sums.add(sum);
            }
        }
        return sums.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static String name(LearnedPpo agent) {
        return agent.row().label() + ", chain " + agent.seed();
    }

    /** How much chance is left in each policy. */
    public static Plot entropy(List<LearnedPpo> agents) {
        Plot plot = new Plot("Entropy of the policy", "environment steps", "nats");
        for (LearnedPpo agent : agents) {
            plot.hue(agent.row().ordinal()).line(name(agent), times(column(agent.entropy(), LearningCurve.Point::step), agent.stepsPerUpdate()),
                    column(agent.entropy(), LearningCurve.Point::training));
        }
        return plot;
    }

    /** What was done, by chance and all, in the beginning, half-way and in the end of a training. */
    public static Figure actions(LearnedPpo agent) {
        float[][][] histograms = agent.histograms();
        List<LearningCurve.Point> points = agent.entropy().points();
        List<Plot> plots = new ArrayList<>();
        for (int action = 0; action < ACTIONS.size(); action++) {
            Plot plot = new Plot(ACTIONS.get(action), ACTIONS.get(action), "share of decisions");
            for (int point : IntStream.of(0, histograms.length / 2, histograms.length - 1).distinct().toArray()) {
                plot.line(format("to %,.0f steps", points.get(point).step() * agent.stepsPerUpdate()), places(action), shares(histograms[point][action]));
            }
            plots.add(plot);
        }
        return Figure.grid(3, 0.55, plots);
    }

    private static double[] places(int action) {
        return IntStream.range(0, ActionHistograms.BARS).mapToDouble(i -> LOW[action] + (HIGH[action] - LOW[action]) * (i + 0.5) / ActionHistograms.BARS).toArray();
    }

    private static double[] shares(float[] counts) {
        double all = IntStream.range(0, counts.length).mapToDouble(i -> counts[i]).sum();
        return IntStream.range(0, counts.length).mapToDouble(i -> counts[i] / all).toArray();
    }

    /**
     * What the policy looks at: for some decisions the frame, what V keeps of it, and for each action how the picture changes along the gradient of the action
     * by z, which the decoder turns into colours: grey stays, brighter makes more of the action where darker makes less.
     *
     * @param every decisions between two columns
     * @param along how far z is moved each way, in all its numbers together
     */
    public static Figure attention(PpoDrive drive, PpoActor actor, VisionModel vision, int every, double along) {
        int latent = vision.latentSize();
        int[] decisions = IntStream.range(0, drive.seen().size()).filter(i -> i % every == every - 1).limit(8).toArray();
        float[][] z = Arrays.stream(decisions).mapToObj(i -> Arrays.copyOf(drive.seen().get(i), latent)).toArray(float[][]::new);
        ImageGrid grid = new ImageGrid("What the policy looks at", decisions.length, 2).row("seen", Arrays.stream(decisions).mapToObj(drive::decidedOn).toList())
                .row("kept by V", VisionFigures.decoded(vision, z));
        for (int action = 0; action < ACTIONS.size(); action++) {
            float[][] more = new float[z.length][];
            float[][] less = new float[z.length][];
            for (int i = 0; i < z.length; i++) {
                double[] gradient = actor.sensitivity(drive.seen().get(decisions[i]), latent)[action];
                double norm = Math.max(1e-12, Math.sqrt(Arrays.stream(gradient).map(g -> g * g).sum()));
                more[i] = moved(z[i], gradient, along / norm);
                less[i] = moved(z[i], gradient, -along / norm);
            }
            List<RgbFrame> brighter = VisionFigures.decoded(vision, more);
            List<RgbFrame> darker = VisionFigures.decoded(vision, less);
            grid.row(ACTIONS.get(action), IntStream.range(0, z.length).mapToObj(i -> difference(brighter.get(i), darker.get(i))).toList());
        }
        return grid;
    }

    private static float[] moved(float[] z, double[] direction, double by) {
        float[] moved = z.clone();
        for (int i = 0; i < moved.length; i++) {
            moved[i] += (float) (by * direction[i]);
        }
        return moved;
    }

    /** Grey where both are equal. */
    private static RgbFrame difference(RgbFrame more, RgbFrame less) {
        byte[] rgb = new byte[more.rgb().length];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) Math.clamp(128 + (more.rgb()[i] & 255) - (less.rgb()[i] & 255), 0, 255);
        }
        return new RgbFrame(more.width(), more.height(), rgb);
    }

    /**
     * Drives of one track side by side, each as long as the shortest.
     *
     * @param drives frames of every environment step, by the agents' names
     * @param every  so many steps are one frame of the animation
     */
    public static AnimatedGif race(Map<String, List<RgbFrame>> drives, int every) {
        int length = drives.values().stream().mapToInt(List::size).min().orElse(0);
        AnimatedGif animation = new AnimatedGif(50.0 / every, 2);
        drives.forEach((name, frames) -> animation.panel(name, Stream.iterate(0, t -> t < length, t -> t + every).map(frames::get).toList()));
        return animation;
    }

    private static double[] column(LearningCurve curve, ToDoubleFunction<LearningCurve.Point> of) {
        return curve.points().stream().mapToDouble(of).toArray();
    }

    private static double[] times(double[] values, double factor) {
        return Arrays.stream(values).map(value -> value * factor).toArray();
    }
}
