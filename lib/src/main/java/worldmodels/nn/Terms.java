package worldmodels.nn;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import worldmodels.run.KitException;

/**
 * Numbers of one step of a {@link Learner} by name, in the order they were added. Adding refuses what is not finite, so that a learner that names
 * its terms before it steps keeps its weights sound.
 *
 * @param values by name
 */
public record Terms(Map<String, Double> values) {

    /** The term that a training's curve shows. */
    public static final String LOSS = "loss";

    public static final Terms NONE = new Terms(Map.of());

    public Terms {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** A training that has gone wrong beyond mending; {@link Training} says at which step, and which checkpoint is kept. */
    public static final class RunAway extends KitException {

        private final String what;
        private final String remedy;

        /** Of something that is not finite or beyond its limit. */
        RunAway(String what) {
            this(what, "lower the learning rate or check what it learns from");
        }

        /**
         * @param what   has happened: {@code the divergence is NaN}
         * @param remedy what to change, as a command
         */
        public RunAway(String what, String remedy) {
            super("In training " + what + "; " + remedy + ".");
            this.what = what;
            this.remedy = remedy;
        }

        String what() {
            return what;
        }

        String remedy() {
            return remedy;
        }
    }

    /** @throws KitException if the value is infinite or undefined */
    public static Terms of(String name, double value) {
        return NONE.and(name, value);
    }

    /** @throws KitException if the value is infinite or undefined */
    public Terms and(String name, double value) {
        return and(name, value, Double.POSITIVE_INFINITY);
    }

    /** @throws KitException if the value is infinite, undefined, or above the limit: it is running away */
    public Terms and(String name, double value, double limit) {
        if (!Double.isFinite(value)) {
            throw new RunAway("the " + name + " is " + value);
        }
        if (value > limit) {
            throw new RunAway("the " + name + " has run away to " + value);
        }
        Map<String, Double> more = new LinkedHashMap<>(values);
        more.put(name, value);
        return new Terms(more);
    }

    /** One of them; not a number if there is none of this name. */
    public double value(String name) {
        return values.getOrDefault(name, Double.NaN);
    }

    /** The loss, as {@link #LOSS}. */
    public Terms loss(double value) {
        return and(LOSS, value);
    }

    /** For a progress line, e.g. {@code reconstruction error 41.30, divergence 9.200}. */
    @Override
    public String toString() {
        return values.entrySet().stream().map(term -> String.format(Locale.ROOT, "%s %.4g", term.getKey(), term.getValue()))
                .collect(Collectors.joining(", "));
    }
}
