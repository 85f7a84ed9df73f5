package worldmodels.study.carracing;

import java.util.ArrayList;
import java.util.List;
import worldmodels.memory.LatentEpisode;
import worldmodels.memory.MdnRnn;
import worldmodels.memory.MemoryState;
import worldmodels.memory.Mixture;
import worldmodels.report.EightBits;
import worldmodels.report.Interactive;
import worldmodels.report.Still;

/** The mixtures that M predicts along an episode: step and temperature are sliders. */
public final class MixtureSliders {

    private static final String TITLE = "What M expects of the next z";

    /** z is about standard normal. */
    private static final double REACH = 4;

    private record Step(String logits, String means, String logSigmas, float[] came) {}

    private record Data(int mixtures, int[] coordinates, int from, double low, double high, List<Step> steps) {}

    private MixtureSliders() {}

    /**
     * @param from        frame whose next is predicted first; M has seen the episode up to it
     * @param count       steps; fewer where the episode ends before
     * @param coordinates of z
     */
    public static Interactive of(MdnRnn memory, LatentEpisode episode, int from, int count, int... coordinates) {
        MemoryState state = memory.initial(1);
        List<Step> steps = new ArrayList<>();
        for (int t = 0; t < Math.min(from + count, episode.frames() - 1); t++) {
            state.advance(episode.mean(t), episode.action(t));
            if (t >= from) {
                Mixture next = memory.predict(state).latent();
                float[] came = new float[coordinates.length];
                for (int i = 0; i < coordinates.length; i++) {
                    came[i] = episode.mean(t + 1, coordinates[i]);
                }
                steps.add(new Step(chosen(next, next.logits(), coordinates), chosen(next, next.mean(), coordinates), chosen(next, next.logSigma(), coordinates), came));
            }
        }
        return new Interactive(TITLE, Still.figure(TITLE, MemoryFigures.densities(memory, episode, from, coordinates)), List.of("numbers.js", "plot.js", "mixture.js"),
                new Data(memory.shape().mixtures(), coordinates.clone(), from, -REACH, REACH, steps));
    }

    /** (mixtures, coordinates), row by row. */
    private static String chosen(Mixture next, float[] values, int[] coordinates) {
        float[] chosen = new float[next.components() * coordinates.length];
        for (int k = 0; k < next.components(); k++) {
            for (int i = 0; i < coordinates.length; i++) {
                chosen[k * coordinates.length + i] = values[k * next.dimensions() + coordinates[i]];
            }
        }
        return EightBits.base64(chosen);
    }
}
