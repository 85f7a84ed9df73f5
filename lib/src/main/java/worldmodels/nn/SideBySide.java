package worldmodels.nn;

import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import worldmodels.run.Processor;
import worldmodels.run.Progress;
import worldmodels.run.StoppedException;

/**
 * Long pieces of work of one kind, as many at once as there are cores. Each computes on one thread: networks as small as these gain nothing from
 * sharing out every operation, and a result is then the same bits on any number of cores. On a GPU one piece follows the other.
 */
public final class SideBySide {

    private static final long SHOWN_EVERY_MS = 250;

    /**
     * @param name  for the progress, where others are at work beside it
     * @param done  units that an earlier run has finished
     * @param units how many it has, counted by the progress that it is given
     */
    public record Piece(String name, long done, long units, Consumer<Progress> work) {}

    private SideBySide() {}

    /**
     * Does all pieces. The first exception of one is thrown here, once the others have stopped as if interrupted.
     *
     * @throws StoppedException if interrupted, likewise
     */
    public static void run(String name, String unit, List<Piece> pieces, Progress progress) {
        run(name, unit, Compute.device().isGpu() ? 1 : Processor.available(), pieces, progress);
    }

    /** With a number of them at once, on a GPU too. */
    public static void run(String name, String unit, int atOnce, List<Piece> pieces, Progress progress) {
        AtomicLongArray completed = new AtomicLongArray(pieces.stream().mapToLong(Piece::done).toArray());
        AtomicReference<String> latest = new AtomicReference<>("");
        int computeThreads = Compute.describe().threads();
        progress.start(pieces.size() == 1 ? pieces.getFirst().name() : name, pieces.stream().mapToLong(Piece::units).sum(), unit);
        try (ExecutorService threads = Executors.newFixedThreadPool(Math.clamp(pieces.size(), 1, atOnce), Thread.ofPlatform().daemon().name("side-by-side-", 1).factory())) {
            CompletionService<Void> finished = new ExecutorCompletionService<>(threads);
            for (int i = 0; i < pieces.size(); i++) {
                Piece piece = pieces.get(i);
                int number = i;
                String prefix = pieces.size() == 1 ? "" : piece.name() + ": ";
                finished.submit(() -> {
                    Compute.useThreads(1);
                    piece.work().accept(Progress.ofPart((done, note) -> {
                        completed.set(number, done);
                        latest.set(note.isEmpty() ? "" : prefix + note);
                    }));
                    completed.set(number, piece.units());
                    return null;
                });
            }
            try {
                for (int left = pieces.size(); left > 0;) {
                    Future<Void> next = finished.poll(SHOWN_EVERY_MS, TimeUnit.MILLISECONDS);
                    if (next != null) {
                        next.get();
                        left--;
                    }
                    progress.at(IntStream.range(0, pieces.size()).mapToLong(completed::get).sum(), latest.get());
                }
            } catch (InterruptedException e) {
                throw new StoppedException(name);
            } catch (ExecutionException e) {
                throw e.getCause() instanceof RuntimeException thrown ? thrown : new IllegalStateException(e.getCause());
            } finally {
                threads.shutdownNow();
            }
        } finally {
            Compute.useThreads(computeThreads);
        }
        progress.done("");
    }
}
