package worldmodels.agent;

import ai.djl.ndarray.NDManager;
import worldmodels.env.EnvironmentMaker;

/**
 * An agent's candidates, driving in real environments.
 *
 * @param lanes episodes at once, on one core
 * @param road  makes one environment
 */
record Drives(SentAgent agent, int lanes, EnvironmentMaker road) implements ClusterRollouts.Play {

    @Override
    public Rollouts open(NDManager manager) {
        return new PopulationRollouts(1, lanes, road, agent.open(manager)::policy);
    }
}
