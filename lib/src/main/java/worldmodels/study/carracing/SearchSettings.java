package worldmodels.study.carracing;

import worldmodels.evolution.CmaEs;
import worldmodels.evolution.Evolution;
import worldmodels.run.Settings.Above;
import worldmodels.run.Settings.Before;
import worldmodels.run.Settings.Least;
import worldmodels.run.Settings.Section;

/**
 * The search for C.
 *
 * @param steps           of a training episode
 * @param patience        steps without a new tile after which it ends; 0 waits for ever
 * @param population      candidates per generation
 * @param rollouts        tracks that each of them drives
 * @param generations     in all
 * @param sigma           first step size
 * @param selectionEvery  generations between two trials of the distribution mean
 * @param selectionTracks tracks of such a trial
 * @param sampling        of the candidates
 * @param covariance      which part of it is adapted
 */
@Section("evolution")
public record SearchSettings(@Least(1) int steps, @Least(0) int patience, @Least(2) int population, @Least(1) int rollouts, @Least(1) int generations,
                             @Above(0) double sigma, @Least(1) int selectionEvery, @Least(1) int selectionTracks,
                             @Before("INDEPENDENT") CmaEs.Sampling sampling, @Before("FULL") CmaEs.Shape covariance) {

    Evolution.Settings evolution() {
        return new Evolution.Settings(population, sigma, generations, rollouts, selectionEvery, selectionTracks).sampling(sampling).covariance(covariance);
    }
}
