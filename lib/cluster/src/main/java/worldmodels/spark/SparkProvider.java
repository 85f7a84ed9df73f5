package worldmodels.spark;

import worldmodels.run.Cluster;

/** Connects to what Spark can reach. */
public final class SparkProvider implements Cluster.Provider {

    @Override
    public Cluster connect(String address) {
        return SparkCluster.connect(address);
    }
}
