package worldmodels.evolution;

import java.util.ArrayList;
import java.util.List;
import worldmodels.agent.Rollouts;
import worldmodels.data.EpisodeJob;
import worldmodels.data.EpisodeResult;
import worldmodels.run.Progress;

/** Fitness by driving: all candidates on all tracks as one rollout. */
public final class RolloutFitness implements Fitness {

    private final Rollouts rollouts;

    /** @param rollouts closed with this fitness */
    public RolloutFitness(Rollouts rollouts) {
        this.rollouts = rollouts;
    }

    @Override
    public Returns evaluate(double[][] candidates, long[] tracks, Progress progress) {
        List<EpisodeJob> jobs = new ArrayList<>(candidates.length * tracks.length);
        for (long track : tracks) {
            for (int k = 0; k < candidates.length; k++) {
                jobs.add(new EpisodeJob(k, track));
            }
        }
        EpisodeResult[] results = rollouts.play(candidates, jobs, progress);
        double[][] scores = new double[candidates.length][tracks.length];
        int[][] steps = new int[candidates.length][tracks.length];
        for (int i = 0; i < results.length; i++) {
            int k = i % candidates.length;
            int t = i / candidates.length;
            scores[k][t] = results[i].episodeReturn();
            steps[k][t] = results[i].length();
        }
        return new Returns(scores, steps);
    }

    @Override
    public void close() {
        rollouts.close();
    }
}
