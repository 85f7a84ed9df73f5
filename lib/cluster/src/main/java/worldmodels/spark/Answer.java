package worldmodels.spark;

import java.io.Serializable;
import worldmodels.run.Cluster.Executor;

/**
 * What an executor sends back.
 *
 * @param from    who it is
 * @param result  of the piece; null if there is none
 * @param refusal why not, for whoever asked; null if there is a result
 */
record Answer(Executor from, Serializable result, String refusal) implements Serializable {}
