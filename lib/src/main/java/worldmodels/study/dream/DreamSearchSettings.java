package worldmodels.study.dream;

import worldmodels.evolution.Evolution;
import worldmodels.run.Settings.Above;
import worldmodels.run.Settings.Key;
import worldmodels.run.Settings.Least;
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
 * @param sigma           first step size
 */
@Section("dream")
record DreamSearchSettings(@Least(1) int horizon, @Least(1) int rollouts, @Least(1) int selectionEvery, @Least(1) int selectionDreams,
                           @Key("evolution.population") @Least(2) int population, @Key("evolution.sigma") @Above(0) double sigma, Driving driving) {

    /** How long a search is that begins with nothing. */
    @Section("dream")
    record First(@Least(1) int generations) {}

    /** How long one is that goes on from the round before. */
    @Section("rounds")
    record Continued(@Least(1) int generations) {}

    /** And one for which M's loss is a reward too. */
    @Section("rounds")
    record Exploring(@Least(1) int generations, @Least(0) double curiosity) {}

    Evolution.Settings evolution(int generations) {
        return new Evolution.Settings(population, sigma, generations, rollouts, selectionEvery, selectionDreams);
    }
}
