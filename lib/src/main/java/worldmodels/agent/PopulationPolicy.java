package worldmodels.agent;

import worldmodels.controller.Controller;
import worldmodels.data.EpisodeJob;
import worldmodels.data.Policy;
import worldmodels.run.KitException;

/** A controller that plays each episode with the parameters of the job's candidate, so that a whole population drives side by side. */
public abstract class PopulationPolicy implements Policy {

    private final Controller controller;
    private final int[] candidate;
    private double[][] population;

    PopulationPolicy(Controller controller, int lanes) {
        this.controller = controller;
        this.candidate = new int[lanes];
    }

    /**
     * Sets whose parameters the next episodes are played with: a job's candidate is an index into these.
     *
     * @param parameters one vector per candidate; not copied
     */
    public PopulationPolicy population(double[][] parameters) {
        for (double[] vector : parameters) {
            controller.require(vector);
        }
        population = parameters;
        return this;
    }

    @Override
    public void start(int lane, EpisodeJob job) {
        if (population == null || job.candidate() < 0 || job.candidate() >= population.length) {
            throw new KitException("Episode asks for candidate " + job.candidate() + " of " + (population == null ? 0 : population.length)
                    + "; set the population before the rollout.");
        }
        candidate[lane] = job.candidate();
    }

    final int lanes() {
        return candidate.length;
    }

    /** The lane's candidate acts on the features from {@code offset} on. */
    final void act(int lane, float[] features, int offset, double[] actions) {
        controller.act(features, offset, population[candidate[lane]], actions, lane * controller.actions());
    }
}
