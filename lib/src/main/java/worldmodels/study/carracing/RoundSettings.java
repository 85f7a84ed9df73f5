package worldmodels.study.carracing;

import worldmodels.run.Settings.Above;
import worldmodels.run.Settings.Least;
import worldmodels.run.Settings.Section;

/**
 * Iterative training.
 *
 * @param count        rounds in all, that of random driving included
 * @param temperature  of their dreams
 * @param episodes     that each agent records for the next round
 * @param steps        of such an episode
 * @param curiosity    an explorer's reward for each nat of M's loss; 0 has the agent itself record
 * @param training     what becomes of V, M and C
 * @param memoryEpochs that a continued M goes on for
 * @param generations  that a continued C, and an explorer, goes on for
 * @param sigma        first step size of their searches, and the deviation of drivers that are drawn about an agent
 * @param drivers      who records
 */
@Section("rounds")
public record RoundSettings(@Least(1) int count, @Above(0) double temperature, @Least(1) int episodes, @Least(1) int steps, @Least(0) double curiosity,
                            RoundTraining training, @Least(1) int memoryEpochs, @Least(1) int generations, @Above(0) double sigma,
                            RoundDrivers drivers) {}
