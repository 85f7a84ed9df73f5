package worldmodels.spark;

import worldmodels.run.Cluster.Work;
import worldmodels.run.Cluster.Worker;
import worldmodels.run.StoppedException;

/** Work that is none: every executor takes a share, since each piece takes a moment. Who answers has been found like the driver ({@link Attendance}). */
record Greeting() implements Work<Integer, Integer> {

    static final int MOMENT_MS = 100;

    @Override
    public Worker<Integer, Integer> open() {
        return piece -> {
            linger();
            return piece;
        };
    }

    static void linger() {
        try {
            Thread.sleep(MOMENT_MS);
        } catch (InterruptedException e) {
            throw new StoppedException(SparkCluster.WORK);
        }
    }
}
