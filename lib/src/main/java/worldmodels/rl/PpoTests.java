package worldmodels.rl;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import worldmodels.data.EpisodeJob;
import worldmodels.data.EpisodeResult;
import worldmodels.data.RolloutEngine;
import worldmodels.data.StepListener;
import worldmodels.env.BatchedEnvironment;
import worldmodels.env.GoalEnvironment;
import worldmodels.env.ThreadedEnvironments;
import worldmodels.nn.Terms;
import worldmodels.run.Progress;

/**
 * Test episodes of {@link Ppo}, of which nothing is learned; the agent acts without chance.
 *
 * @param seeds of the episodes
 */
public record PpoTests(BatchedEnvironment environments, long[] seeds) {

    /** The mean return, and the share of episodes that ended with their goals achieved, where the task has any. */
    Terms play(PpoActor actor) {
        List<EpisodeJob> jobs = LongStream.of(seeds).mapToObj(seed -> new EpisodeJob(0, seed)).toList();
        double[] achieved = new double[jobs.size()];
        // What holds after an episode's last step stays.
        StepListener watching = step -> goals(step.lane())
                .ifPresent(task -> achieved[step.jobNumber()] = task.isSuccess(task.achievedGoal(), task.desiredGoal()) ? 1 : 0);
        EpisodeResult[] results = new RolloutEngine(environments).run(jobs, actor.policy(), watching, Progress.NONE);
        Terms terms = Terms.of(Ppo.RETURN, Arrays.stream(results).mapToDouble(EpisodeResult::episodeReturn).average().orElseThrow());
        return goals(0).isPresent() ? terms.and(Ppo.SUCCESS, Arrays.stream(achieved).average().orElseThrow()) : terms;
    }

    private Optional<GoalEnvironment> goals(int lane) {
        return environments instanceof ThreadedEnvironments threaded && threaded.lane(lane).unwrapped() instanceof GoalEnvironment goals
                ? Optional.of(goals) : Optional.empty();
    }
}
