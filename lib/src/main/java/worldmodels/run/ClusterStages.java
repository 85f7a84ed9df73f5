package worldmodels.run;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Whole stages on a cluster, one for each core: the training seeds of a study. Where all machines see the work folder a stage is done there, and one whose machine
 * is lost goes on from its checkpoint; else a worker does it in a folder of its own, its files are sent, and one whose machine is lost begins anew. Files are the
 * same as here, byte for byte, as each is computed on one thread in both places.
 */
public final class ClusterStages {

    /** Completes a stage in a work folder that may be elsewhere; sent, so it holds settings and no models. */
    @FunctionalInterface
    public interface Maker extends Serializable {
        void complete(Path work);
    }

    /** A stage that is not finished yet, and what finishes it. */
    public record Piece(Stage stage, Maker maker) {}

    /** @param shared the work folder; null where files are sent back */
    private record Making(String shared) implements Cluster.Work<Order, Made> {

        @Override
        public Cluster.Worker<Order, Made> open() {
            return order -> {
                if (shared != null) {
                    order.maker.complete(Path.of(shared));
                    return new Made(new TreeMap<>());
                }
                try (WorkFolder.Scratch scratch = WorkFolder.scratch()) {
                    order.maker.complete(scratch.path());
                    return Made.of(scratch.path().resolve(order.folder));
                }
            };
        }
    }

    private record Order(String folder, Maker maker) implements Serializable {}

    /** Files by name. */
    private record Made(TreeMap<String, byte[]> files) implements Serializable {

        static Made of(Path folder) {
            TreeMap<String, byte[]> files = new TreeMap<>();
            try (Stream<Path> all = Files.list(folder)) {
                for (Path file : all.filter(Files::isRegularFile).filter(file -> !file.endsWith(StageRecord.LOCK)).toList()) {
                    files.put(file.getFileName().toString(), Files.readAllBytes(file));
                }
            } catch (IOException e) {
                throw new KitException("A worker cannot read " + folder + " (" + e.getMessage() + "); make room in its folder for temporary files.", e);
            }
            return new Made(files);
        }

        /** The record last: with it the stage is finished. */
        void write(Path folder) {
            files.forEach((name, bytes) -> {
                if (!name.equals(StageRecord.FILE)) {
                    WholeFile.write(folder.resolve(name), out -> out.write(bytes));
                }
            });
            WholeFile.write(folder.resolve(StageRecord.FILE), out -> out.write(files.get(StageRecord.FILE)));
        }
    }

    private ClusterStages() {}

    /** Completes all of them. */
    public static void complete(Cluster cluster, String work, List<Piece> pieces, Progress progress) {
        Path folder = pieces.getFirst().stage.folder().getParent();
        if (Cluster.sharesFolders()) {
            cluster.requireShared(folder);
        }
        int[] done = {0};
        progress.start(work, pieces.size(), "trainings");
        try (Cluster.Workers<Order, Made> workers = cluster.workers(new Making(Cluster.sharesFolders() ? folder.toAbsolutePath().toString() : null))) {
            workers.each(new ArrayList<>(pieces.stream().map(piece -> new Order(piece.stage.folder().getFileName().toString(), piece.maker)).toList()), (made, number) -> {
                if (!made.files.isEmpty()) {
                    made.write(pieces.get(number).stage.folder());
                }
                progress.at(++done[0], pieces.get(number).stage.name());
            });
        }
        progress.done("");
    }
}
