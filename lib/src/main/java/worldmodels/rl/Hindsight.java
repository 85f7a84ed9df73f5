package worldmodels.rl;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import worldmodels.env.GoalEnvironment;
import worldmodels.random.Pcg64;

/**
 * Hindsight experience replay (Andrychowicz et al. 2017, arXiv 1707.01495, algorithm 1) with their strategy "future": an episode is remembered once more
 * as if what it came to had been wanted. Each transition t of an episode of T steps is repeated k times, each time for the goal that was achieved after
 * a step drawn evenly from t, ..., T - 1, and judged anew:
 *
 * <pre>  r' = reward(achieved after t, g')        terminated' = success(achieved after t, g'), where success ends an episode </pre>
 */
public final class Hindsight {

    private final GoalEnvironment environment;
    private final int goals;
    private final int goalSize;

    /**
     * @param environment judges
     * @param goals       k
     */
    public Hindsight(GoalEnvironment environment, int goals) {
        this.environment = environment;
        this.goals = goals;
        this.goalSize = environment.goalSpace().size();
    }

    /**
     * @param episode from its first step to its last
     * @param seed    of the goals
     * @return k transitions for each, in the episode's order
     */
    public List<Moment> relabelled(List<Moment> episode, long seed) {
        Pcg64 random = Pcg64.seeded(seed);
        List<Moment> relabelled = new ArrayList<>(goals * episode.size());
        for (int t = 0; t < episode.size(); t++) {
            for (int i = 0; i < goals; i++) {
                int later = (int) random.integers(t, episode.size());
                relabelled.add(judged(episode.get(t), achieved(episode.get(later))));
            }
        }
        return relabelled;
    }

    /** The transition as it would have been with another goal. */
    public Moment judged(Moment moment, float[] goal) {
        double[] achieved = doubles(achieved(moment));
        double[] desired = doubles(goal);
        boolean terminated = environment.endsAtSuccess() ? environment.isSuccess(achieved, desired) : moment.terminated();
        return new Moment(with(goal, moment.observation()), moment.action(), environment.reward(achieved, desired), with(goal, moment.next()), terminated);
    }

    /** What a step achieved: an observation ends with the achieved and then the desired goal. */
    private float[] achieved(Moment moment) {
        int end = moment.next().length - goalSize;
        return Arrays.copyOfRange(moment.next(), end - goalSize, end);
    }

    private float[] with(float[] goal, float[] observation) {
        float[] changed = observation.clone();
        System.arraycopy(goal, 0, changed, changed.length - goalSize, goalSize);
        return changed;
    }

    private static double[] doubles(float[] values) {
        double[] doubles = new double[values.length];
        Arrays.setAll(doubles, i -> values[i]);
        return doubles;
    }
}
