package worldmodels.planet;

import worldmodels.run.Settings.Before;
import worldmodels.run.Settings.Key;
import worldmodels.run.Settings.Section;

/**
 * How a decision uses what is random in a model; deterministic dynamics have none of it.
 *
 * @param noise of the states that candidates lead through
 * @param start from where they set out
 */
@Section("planet")
public record Imagining(@Key("planet.imaginedNoise") @Before("INDEPENDENT") Noise noise, @Key("planet.imaginedFrom") @Before("SAMPLE") Start start) {

    /** Draws of s while candidates are compared. */
    public enum Noise {

        /** Each candidate has draws of its own, as the authors do it: a lucky draw counts as a good action. */
        INDEPENDENT,

        /** All candidates of an iteration have the same draws (common random numbers): they differ by their actions alone. */
        COMMON,

        /** States are their priors' means. */
        NONE
    }

    /** The state that a decision is made from, and that the next picture corrects. */
    public enum Start {

        /** A draw from the posterior, as the authors do it. */
        SAMPLE,

        /** The posterior's mean. */
        MEAN
    }
}
