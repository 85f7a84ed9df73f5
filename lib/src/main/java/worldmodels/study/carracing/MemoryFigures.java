package worldmodels.study.carracing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import worldmodels.memory.LatentEpisode;
import worldmodels.memory.MdnRnn;
import worldmodels.memory.MemoryState;
import worldmodels.memory.Mixture;
import worldmodels.random.Pcg64;
import worldmodels.report.AnimatedGif;
import worldmodels.report.Figure;
import worldmodels.report.ImageGrid;
import worldmodels.report.Plot;
import worldmodels.report.RgbFrame;
import worldmodels.vision.VisionModel;
import worldmodels.vision.VisionQuality;

/** Pictures of what M expects. */
public final class MemoryFigures {

    private MemoryFigures() {}

    /**
     * The mixtures that M predicts after a frame of an episode, with what came next; one plot for each coordinate.
     *
     * @param frame       M has seen the episode's frames up to this one
     * @param coordinates of z
     */
    public static Figure densities(MdnRnn memory, LatentEpisode episode, int frame, int... coordinates) {
        MemoryState state = memory.initial(1);
        watch(state, episode, 0, frame + 1);
        Mixture next = memory.predict(state).latent();
        return Figure.grid(2, 0.6, IntStream.of(coordinates).mapToObj(j -> density(next, j, episode.mean(frame + 1, j))).toList());
    }

    /**
     * Where M's mixtures have more than one bump.
     *
     * @param mixtures how many were looked at: every step of the episode, the coordinates asked for
     * @param several  how many of them have more than one maximum
     * @param frame    the step with the mixture whose components lie furthest apart, for {@link #densities}
     * @param share    of that mixture's variance that lies between its components rather than within; 0 is one bump
     */
    public record Bumps(int mixtures, int several, int frame, int coordinate, double share) {}

    /** Looks at all that M predicts of an episode; {@code coordinates} of z that V uses, since to a number without meaning M gives one bump. */
    public static Bumps bumps(MdnRnn memory, LatentEpisode episode, int... coordinates) {
        MemoryState state = memory.initial(1);
        Bumps most = new Bumps(0, 0, 0, coordinates[0], -1);
        int several = 0;
        int mixtures = 0;
        for (int t = 0; t + 1 < episode.frames(); t++) {
            state.advance(episode.mean(t), episode.action(t));
            Mixture next = memory.predict(state).latent();
            for (int j : coordinates) {
                mixtures++;
                several += hasSeveralMaxima(next, j) ? 1 : 0;
                double share = betweenComponents(next, j);
                if (share > most.share) {
                    most = new Bumps(0, 0, t, j, share);
                }
            }
        }
        return new Bumps(mixtures, several, most.frame, most.coordinate, most.share);
    }

    private static double betweenComponents(Mixture next, int coordinate) {
        double[] weights = next.weights(0, coordinate, 1);
        double centre = next.expectation(0, coordinate, 1);
        double between = 0;
        for (int k = 0; k < weights.length; k++) {
            double off = next.mean()[k * next.dimensions() + coordinate] - centre;
            between += weights[k] * off * off;
        }
        return between / next.variance(0, coordinate, 1);
    }

    private static boolean hasSeveralMaxima(Mixture next, int coordinate) {
        double centre = next.expectation(0, coordinate, 1);
        double width = 4 * Math.sqrt(next.variance(0, coordinate, 1));
        int points = 200;
        int maxima = 0;
        double before = Double.NEGATIVE_INFINITY;
        boolean rises = true;
        for (int i = 0; i <= points; i++) {
            double density = next.logDensity(0, coordinate, centre + width * (2.0 * i / points - 1));
            maxima += rises && density < before ? 1 : 0;
            rises = density > before;
            before = density;
        }
        return maxima > 1;
    }

    /**
     * M's loss for each number of z by itself, in nats, averaged over all steps of the episodes, on z drawn from V's posterior as in training. A number
     * that V does not use is noise from N(0, 1), and no M can do better on it than 1.419.
     *
     * @return (latent)
     */
    public static double[] lossByNumber(MdnRnn memory, List<LatentEpisode> episodes, long seed) {
        int latent = memory.shape().latent();
        double[] sums = new double[latent];
        int steps = 0;
        Pcg64 random = Pcg64.stream(seed, "loss by number");
        for (LatentEpisode episode : episodes) {
            MemoryState state = memory.initial(1);
            float[] z = new float[latent];
            episode.draw(0, Float.POSITIVE_INFINITY, random, z, 0);
            for (int t = 0; t + 1 < episode.frames(); t++) {
                state.advance(z, episode.action(t));
                Mixture next = memory.predict(state).latent();
                episode.draw(t + 1, Float.POSITIVE_INFINITY, random, z, 0);
                for (int j = 0; j < latent; j++) {
                    sums[j] -= next.logDensity(0, j, z[j]);
                }
                steps++;
            }
        }
        int all = steps;
        return Arrays.stream(sums).map(sum -> sum / all).toArray();
    }

    /** {@link #lossByNumber} beside the nats that V keeps in each number. */
    public static Figure losses(double[] lossByNumber, VisionQuality quality) {
        return new Plot("M's loss, number by number of z", "nats that V keeps in the number", "nats of M's loss").scatter("a number of z", quality.divergence(), lossByNumber)
                .level("standard normal, 1.419", 0.5 * Math.log(2 * Math.PI * Math.E));
    }

    /** The state h of M along an episode: the units that vary most, one line each. */
    public static Figure trace(MdnRnn memory, LatentEpisode episode, int units) {
        MemoryState state = memory.initial(1);
        float[][] h = new float[episode.frames() - 1][];
        for (int t = 0; t < h.length; t++) {
            state.advance(episode.mean(t), episode.action(t));
            h[t] = state.hidden();
        }
        double[] steps = IntStream.rangeClosed(1, h.length).asDoubleStream().toArray();
        Plot plot = new Plot("M's state along an episode: the " + units + " units of h that vary most", "step", "h");
        for (int unit : VisionFigures.mostVaried(h, units)) {
            plot.line("unit " + unit, steps, IntStream.range(0, h.length).mapToDouble(t -> h[t][unit]).toArray());
        }
        return plot;
    }

    /** An episode as it was, as V keeps it, and as M imagines it under the same actions. */
    public record Imagined(List<RgbFrame> real, List<RgbFrame> reconstructed, List<RgbFrame> dreamt) {

        /** The three side by side. */
        public AnimatedGif animation() {
            return new AnimatedGif(25, 2).panel("real", real).panel("V's reconstruction", reconstructed).panel("M's dream", dreamt);
        }

        /** Every n-th frame of the three, one above the other. */
        public Figure strip(int n) {
            int columns = (real.size() + n - 1) / n;
            return new ImageGrid("The same actions, every " + n + " frames", columns, 2).row("real", every(real, n))
                    .row("V's reconstruction", every(reconstructed, n)).row("M's dream", every(dreamt, n));
        }

        private static List<RgbFrame> every(List<RgbFrame> frames, int n) {
            return IntStream.range(0, frames.size()).filter(i -> i % n == 0).mapToObj(frames::get).toList();
        }
    }

    /**
     * M watches an episode's first frames, then continues alone under the same actions.
     *
     * @param frames      the episode's pictures
     * @param watched     how many of them M sees
     * @param length      in frames
     * @param temperature of the dream
     * @param seed        of what M draws
     */
    public static Imagined imagine(VisionModel vision, MdnRnn memory, LatentEpisode episode, List<RgbFrame> frames, int watched, int length,
            double temperature, long seed) {
        List<float[]> kept = IntStream.range(0, length).mapToObj(episode::mean).toList();
        List<float[]> imagined = new ArrayList<>(kept.subList(0, watched));
        Pcg64 random = Pcg64.stream(seed, "dream");
        MemoryState state = memory.initial(1);
        watch(state, episode, 0, watched - 1);
        for (int t = watched - 1; imagined.size() < length; t++) {
            state.advance(imagined.getLast(), episode.action(t));
            float[] next = new float[memory.shape().latent()];
            memory.predict(state).latent().sample(0, temperature, random, next, 0);
            imagined.add(next);
        }
        return new Imagined(frames.subList(0, length), VisionFigures.decoded(vision, kept.toArray(float[][]::new)),
                VisionFigures.decoded(vision, imagined.toArray(float[][]::new)));
    }

    /** The coordinates of z that vary most over an episode. */
    public static int[] mostVaried(LatentEpisode episode, int count) {
        return VisionFigures.mostVaried(IntStream.range(0, episode.frames()).mapToObj(episode::mean).toArray(float[][]::new), count);
    }

    private static void watch(MemoryState state, LatentEpisode episode, int from, int to) {
        for (int t = from; t < to; t++) {
            state.advance(episode.mean(t), episode.action(t));
        }
    }

    private static Plot density(Mixture next, int coordinate, double came) {
        double[] weights = next.weights(0, coordinate, 1);
        double[] means = new double[weights.length];
        double[] sigmas = new double[weights.length];
        for (int k = 0; k < weights.length; k++) {
            int at = k * next.dimensions() + coordinate;
            means[k] = next.mean()[at];
            sigmas[k] = Math.exp(next.logSigma()[at]);
        }
        return new Plot("z" + coordinate + " of the next frame", "value", "density").mixture("predicted", weights, means, sigmas)
                .at("what came (mean of V's posterior)", came);
    }
}
