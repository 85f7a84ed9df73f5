package worldmodels.study.carracing;

import java.util.ArrayList;
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
