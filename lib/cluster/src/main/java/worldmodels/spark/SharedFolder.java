package worldmodels.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import worldmodels.run.Cluster.Work;
import worldmodels.run.Cluster.Worker;
import worldmodels.run.KitException;

/**
 * Whether an executor sees a file of the driver's.
 *
 * @param file    its path
 * @param content what is in it
 */
record SharedFolder(String file, String content) implements Work<Integer, Integer> {

    @Override
    public Worker<Integer, Integer> open() {
        return piece -> {
            Greeting.linger();
            Path path = Path.of(file);
            try {
                if (!Files.readString(path).equals(content) || !Files.isWritable(path.getParent())) {
                    throw new IOException("another file");
                }
            } catch (IOException e) {
                throw new KitException("The workers do not see the folder " + path.getParent() + " as this machine does; mount it there at the same path, or unset"
                        + " WM_CLUSTER_SHARED, so that what they make is sent here.", e);
            }
            return piece;
        };
    }
}
