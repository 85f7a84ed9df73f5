package worldmodels.vision;

import java.util.SortedMap;
import java.util.TreeMap;
import worldmodels.run.Preset;
import worldmodels.run.Settings;
import worldmodels.run.Settings.Least;
import worldmodels.run.Settings.Most;
import worldmodels.run.Settings.Section;

/**
 * What a V is trained to make small. Under a likelihood it is the same for every V, the negative evidence lower bound in nats:
 *
 * <pre>
 * -ln P(x | z) + β KL(q(z | x) ‖ p(z)) + what a V has below z
 * </pre>
 *
 * No nat is free, and β rises from 0 to 1 over the warm-up. With a rate, z's β is the price at which it holds that many nats ({@link Rate}): two V
 * of one rate tell what each makes of it, two with as many numbers in z mostly tell their rates.
 *
 * @param likelihood what the decoder's picture stands for
 * @param mixtures   logistics per pixel, with {@code LOGISTICS}
 * @param warmUp     share of the steps over which β rises
 * @param rate       nats in z; 0 for as many as pay for themselves
 */
@Section("objective")
public record Objective(Likelihood likelihood, @Least(1) int mixtures, @Least(0) @Most(1) double warmUp, @Least(0) double rate) {

    /** What a decoder's picture stands for. */
    public enum Likelihood {

        /** Each V's own loss, as its settings have it. Squared error plus KL is a normal of variance 1/2, whose error is some 0.03. */
        AUTHORS,

        /** A normal around it with one variance for all pixels that is learned, {@link PixelVariance}. */
        GAUSSIAN,

        /** Nothing by itself: the decoder says mixtures of logistics, {@link worldmodels.vision.nvae.DiscretisedLogistics}. */
        LOGISTICS
    }

    /** Each V's own. */
    static final Objective AUTHORS = new Objective(Likelihood.AUTHORS, 1, 0, 0);

    public static Objective of(Preset preset) {
        return Settings.of(preset, Objective.class);
    }

    /** Whether it is a V's own loss. */
    public boolean isAuthors() {
        return likelihood == Likelihood.AUTHORS;
    }

    /** Logistics that a decoder says for each pixel; 0 where it says a picture. */
    int logistics() {
        return likelihood == Likelihood.LOGISTICS ? mixtures : 0;
    }

    /** What a V's weights depend on beside its own settings: nothing under its authors' loss, which was there first. */
    static SortedMap<String, String> text(Preset preset) {
        return of(preset).isAuthors() ? new TreeMap<>() : Settings.text(preset, Objective.class);
    }
}
