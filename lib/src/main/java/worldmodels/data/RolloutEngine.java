package worldmodels.data;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import worldmodels.env.BatchedEnvironment;
import worldmodels.run.Progress;
import worldmodels.run.StoppedException;

/**
 * Plays episodes in a batch of environments, in lock step: one {@link Policy#act} for all lanes, one step of all environments. A lane whose episode
 * ends takes the next job, once the listener has seen how it ended. Random rollouts, a generation's fitness, a dream and a final test are all runs of
 * this engine.
 *
 * <p>With a policy that treats lanes independently the results do not depend on the number of lanes or threads.
 */
public final class RolloutEngine {

    private final BatchedEnvironment environments;

    /** @param environments stays the caller's to close */
    public RolloutEngine(BatchedEnvironment environments) {
        this.environments = environments;
    }

    public BatchedEnvironment environments() {
        return environments;
    }

    /** Plays without a listener. See {@link #run(List, Policy, StepListener, Progress)}. */
    public EpisodeResult[] run(List<EpisodeJob> jobs, Policy policy, Progress progress) {
        return run(jobs, policy, StepListener.NONE, progress);
    }

    /**
     * Plays each job's episode to its end; environments must end by themselves ({@link worldmodels.env.TimeLimit}).
     *
     * @param jobs     the episodes, started in this order
     * @param policy   who acts
     * @param listener watches each step
     * @param progress counts episodes
     * @return one result per job, in the jobs' order
     * @throws StoppedException if interrupted, after a whole step
     */
    public EpisodeResult[] run(List<EpisodeJob> jobs, Policy policy, StepListener listener, Progress progress) {
        return new Run(jobs, policy, listener, progress).toTheEnd();
    }

    private final class Run {

        private static final int IDLE = -1;

        private final List<EpisodeJob> jobs;
        private final Policy policy;
        private final StepListener listener;
        private final Progress progress;
        private final EpisodeResult[] results;
        private final int lanes = environments.lanes();
        private final int actionSize = environments.actionSpace().size();

        private final int[] jobOf = new int[lanes];
        private final int[] length = new int[lanes];
        private final double[] sum = new double[lanes];
        private final long[] seeds = new long[lanes];
        private final boolean[] active = new boolean[lanes];
        private final boolean[] fresh = new boolean[lanes];
        private final double[] actions = new double[lanes * actionSize];
        private final double[] rewards = new double[lanes];
        private final boolean[] terminated = new boolean[lanes];
        private final boolean[] truncated = new boolean[lanes];
        private final Step[] steps = new Step[lanes];
        private final IntConsumer tellListener = this::tellListener;

        // Two buffers in turn: what was seen before and after the step is there when the listener is told of it. A lane's next episode then begins in
        // the place of the last one's end.
        private ByteBuffer seen;
        private ByteBuffer next;

        private int started;
        private int finished;
        private long stepsTaken;

        Run(List<EpisodeJob> jobs, Policy policy, StepListener listener, Progress progress) {
            this.jobs = List.copyOf(jobs);
            this.policy = policy;
            this.listener = listener;
            this.progress = progress;
            this.results = new EpisodeResult[jobs.size()];
            if (policy.looks() || listener.looks()) {
                seen = environments.newObservations();
                next = environments.newObservations();
            }
            for (int lane = 0; lane < lanes; lane++) {
                steps[lane] = new Step(lane, environments.observationSpace().bytes(), actionSize);
            }
            Arrays.fill(jobOf, IDLE);
        }

        EpisodeResult[] toTheEnd() {
            progress.start("Episodes", jobs.size(), "episodes");
            giveOutJobs(seen);
            while (finished < jobs.size()) {
                StoppedException.throwIfInterrupted("Playing episodes");
                policy.act(policy.looks() ? seen.clear() : null, active, actions);
                environments.step(active, actions, rewards, terminated, truncated, next);
                if (listener != StepListener.NONE) {
                    environments.onLanes(active, tellListener);
                }
                countAndFinish();
                giveOutJobs(next);
                ByteBuffer last = seen;
                seen = next;
                next = last;
            }
            progress.done(stepsTaken + " steps");
            return results;
        }

        private void giveOutJobs(ByteBuffer observations) {
            boolean any = false;
            for (int lane = 0; lane < lanes; lane++) {
                fresh[lane] = jobOf[lane] == IDLE && started < jobs.size();
                if (fresh[lane]) {
                    jobOf[lane] = started++;
                    seeds[lane] = jobs.get(jobOf[lane]).seed();
                    length[lane] = 0;
                    sum[lane] = 0;
                    active[lane] = true;
                    any = true;
                    policy.start(lane, jobs.get(jobOf[lane]));
                }
            }
            if (any) {
                environments.reset(fresh, seeds, observations);
            }
        }

        private void tellListener(int lane) {
            Step step = steps[lane];
            step.jobNumber = jobOf[lane];
            step.job = jobs.get(step.jobNumber);
            step.time = length[lane];
            step.seen = seen;
            step.next = next;
            System.arraycopy(actions, lane * actionSize, step.action(), 0, actionSize);
            step.reward = rewards[lane];
            step.terminated = terminated[lane];
            step.truncated = truncated[lane];
            listener.onStep(step);
        }

        private void countAndFinish() {
            int before = finished;
            for (int lane = 0; lane < lanes; lane++) {
                if (!active[lane]) {
                    continue;
                }
                length[lane]++;
                sum[lane] += rewards[lane];
                stepsTaken++;
                if (terminated[lane] || truncated[lane]) {
                    EpisodeJob job = jobs.get(jobOf[lane]);
                    results[jobOf[lane]] = new EpisodeResult(job, sum[lane], length[lane], terminated[lane], truncated[lane]);
                    jobOf[lane] = IDLE;
                    active[lane] = false;
                    finished++;
                }
            }
            if (finished > before) {
                progress.at(finished, "");
            }
        }
    }
}
