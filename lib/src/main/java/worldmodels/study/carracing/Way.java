package worldmodels.study.carracing;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import worldmodels.run.Preset;

/**
 * A way to spend episodes on C in each generation.
 *
 * @param candidates of a generation
 * @param tracks     that each of them drives
 */
public record Way(int candidates, int tracks) {

    private static final Pattern TEXT = Pattern.compile("(\\d{1,6}) *x *(\\d{1,6})");

    /** @throws IllegalArgumentException that says what is allowed */
    static Way parse(String text) {
        Matcher numbers = TEXT.matcher(text);
        if (!numbers.matches()) {
            throw new IllegalArgumentException("candidates x tracks, like '64 x 4'");
        }
        return new Way(Integer.parseInt(numbers.group(1)), Integer.parseInt(numbers.group(2)));
    }

    /** A preset that goes this way for a number of episodes, selecting at the end. */
    Preset in(Preset preset, int episodes) {
        String generations = String.valueOf(Math.max(1, episodes / (candidates * tracks)));
        return preset.with("evolution.population", String.valueOf(candidates)).with("evolution.rollouts", String.valueOf(tracks))
                .with("evolution.generations", generations).with("evolution.selectionEvery", generations);
    }
}
