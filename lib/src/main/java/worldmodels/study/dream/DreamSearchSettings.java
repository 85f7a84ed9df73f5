package worldmodels.study.dream;

import worldmodels.evolution.CmaEs;
import worldmodels.evolution.Evolution;
import worldmodels.run.Settings.Above;
import worldmodels.run.Settings.Before;
import worldmodels.run.Settings.Key;
import worldmodels.run.Settings.Least;
import worldmodels.run.Settings.Most;
import worldmodels.run.Settings.Section;
import worldmodels.study.carracing.Driving;

/**
 * The search for C in dreams.
 *
 * @param horizon         steps after which a dream is cut off
 * @param rollouts        dreams of each candidate in a generation
 * @param selectionEvery  generations between two trials of the distribution mean
 * @param selectionDreams dreams of such a trial
 * @param population      candidates per generation
 * @param averaged        generations whose means are averaged before such a trial
 * @param sampling        of the candidates
 * @param branched        share of the dreams that begin in the middle of a recorded episode
 * @param watched         steps of it that M sees before
 * @param deviation       of z about its mean in a dream's beginning, at most
 * @param patience        steps without an expected reward above 0 after which a dream is cut off; 0 waits for ever
 */
@Section("dream")
record DreamSearchSettings(@Least(1) int horizon, @Least(1) int rollouts, @Least(1) int selectionEvery, @Least(1) int selectionDreams,
                           @Key("evolution.population") @Least(2) int population, Driving driving, @Before("1") @Least(1) int averaged, @Before("INDEPENDENT") CmaEs.Sampling sampling,
                           @Before("0") @Least(0) @Most(1) double branched, @Before("0") @Least(0) int watched,
                           @Before("Infinity") @Least(0) float deviation, @Before("0") @Least(0) int patience) {

    /** A search that begins with nothing. */
    @Section("dream")
    record First(@Least(1) int generations, @Key("evolution.sigma") @Above(0) double sigma) {}

    /** One that goes on from the round before. */
    @Section("rounds")
    record Continued(@Least(1) int generations, @Key("evolution.sigma") @Above(0) double firstSigma, @Before("0.1") @Above(0) double sigma) {}

    /** And one for which M's loss is a reward too. */
    @Section("rounds")
    record Exploring(@Least(1) int generations, @Key("evolution.sigma") @Above(0) double firstSigma, @Before("0.1") @Above(0) double sigma,
                     @Least(0) double curiosity) {}

    Evolution.Settings evolution(int generations, double sigma) {
        return new Evolution.Settings(population, sigma, generations, rollouts, selectionEvery, selectionDreams, averaged, sampling,
                CmaEs.Shape.FULL);
    }
}
