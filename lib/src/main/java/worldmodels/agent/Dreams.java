package worldmodels.agent;

import ai.djl.ndarray.NDManager;
import worldmodels.dream.Beginnings;
import worldmodels.dream.Dream;
import worldmodels.dream.DreamSettings;
import worldmodels.env.Space;

/**
 * An agent's candidates, dreaming.
 *
 * @param lanes      dreams at once, on one core
 * @param beginnings the real episodes that dreams begin in: most of what is sent
 */
record Dreams(SentAgent agent, int lanes, DreamSettings dream, Beginnings beginnings, Space actions) implements ClusterRollouts.Play {

    @Override
    public Rollouts open(NDManager manager) {
        Agent opened = agent.open(manager);
        return PopulationRollouts.dreaming(1, lanes, each -> new Dream(opened.memory(), beginnings, dream, actions, each), opened.controller());
    }
}
