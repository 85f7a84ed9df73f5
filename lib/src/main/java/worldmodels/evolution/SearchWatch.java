package worldmodels.evolution;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import worldmodels.nn.Checkpoint;

/** Looks at each generation's fitness and says what the user should know. */
final class SearchWatch {

    /** Generations that each half of the plateau's comparison spans. */
    private static final int WINDOW = 20;

    /** The medians of the last generations, the newest last. */
    private final double[] medians = new double[2 * WINDOW];
    private final List<String> warnings = new ArrayList<>();
    private int sinceWarning;

    /** The oldest first. */
    List<String> warnings() {
        return List.copyOf(warnings);
    }

    void warn(String warning) {
        warnings.add(warning);
    }

    /** @param ranked the generation's fitness, the least first */
    void see(int generation, double[] ranked) {
        double median = ranked[ranked.length / 2];
        System.arraycopy(medians, 1, medians, 0, medians.length - 1);
        medians[medians.length - 1] = median;
        sinceWarning++;
        if (ranked[0] == median) {
            warnNowAndThen(generation, "Generation " + generation + ": half of the candidates have the same fitness, so there is nothing to follow; widen "
                    + "sigma or check that actions reach the environment.");
        } else if (generation >= medians.length) {
            double before = middle(0);
            double now = middle(WINDOW);
            if (!(now < before)) {
                warnNowAndThen(generation, "Generation " + generation + ": plateau, the median fitness " + now + " of the last " + WINDOW
                        + " generations is no better than " + before + " of those before; "
                        + "more episodes per candidate or a larger population help.");
            }
        }
    }

    private double middle(int from) {
        double[] sorted = Arrays.copyOfRange(medians, from, from + WINDOW);
        Arrays.sort(sorted);
        return (sorted[WINDOW / 2 - 1] + sorted[WINDOW / 2]) / 2;
    }

    /** A lasting condition is said once per window, not every generation. */
    private void warnNowAndThen(int generation, String warning) {
        if (generation <= 1 || sinceWarning >= WINDOW) {
            warnings.add(warning);
            sinceWarning = 0;
        }
    }

    void save(Checkpoint.Draft draft) {
        draft.put("training.medians", medians).text("generations since a warning", String.valueOf(sinceWarning))
                .text("warnings", String.join("\n", warnings));
    }

    void restore(Checkpoint found) {
        System.arraycopy(found.doubles("training.medians"), 0, medians, 0, medians.length);
        sinceWarning = (int) found.number("generations since a warning");
        warnings.clear();
        found.text().get("warnings").lines().forEach(warnings::add);
    }
}
