package worldmodels.planet;

import worldmodels.run.Settings;
import worldmodels.run.Settings.Least;

/**
 * How episodes are collected and tested between updates (Hafner et al. 2019, algorithm 1).
 *
 * @param seedEpisodes S, of random actions, 5 in the paper
 * @param updates      C, before each episode, 100
 * @param exploration  deviation of the noise on collecting actions, 0.3
 * @param testEvery    episodes between tests; there is one after the last in any case
 * @param testEpisodes of a test
 */
@Settings.Section("planet")
public record Collecting(@Least(1) int seedEpisodes, @Least(1) int updates, @Least(0) double exploration, @Least(1) int testEvery,
        @Least(0) int testEpisodes) {

    /** @param episodes in all, seed episodes included; @return the updates between them */
    public long updates(int episodes) {
        return Math.max(0, (long) (episodes - seedEpisodes) * updates);
    }

    /** Whether test episodes follow on an episode, counted from 1. */
    public boolean isTested(int episode, int episodes) {
        return episode % testEvery == 0 || episode == episodes;
    }
}
