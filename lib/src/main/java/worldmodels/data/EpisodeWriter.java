package worldmodels.data;

import java.util.SequencedMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import worldmodels.run.KitException;
import worldmodels.run.WholeFile;

/** Puts finished episodes on disk beside the work that makes them, one after the other, a few waiting at most. */
final class EpisodeWriter implements AutoCloseable {

    private static final int WAITING = 8;

    private final Manifest manifest;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("episode-writer").factory());
    private final Semaphore room = new Semaphore(WAITING);
    private volatile Throwable failure;

    EpisodeWriter(Manifest manifest) {
        this.manifest = manifest;
    }

    /**
     * Takes a finished episode.
     *
     * @throws KitException if an earlier one could not be written
     */
    void write(String file, EpisodeResult result, SequencedMap<String, GrowingArray.Compressed> arrays) {
        throwFailure();
        room.acquireUninterruptibly();
        thread.execute(() -> {
            try {
                if (failure == null) {
                    add(file, result, arrays);
                }
            } catch (Throwable thrown) {
                failure = thrown;
            } finally {
                room.release();
            }
        });
    }

    private void add(String file, EpisodeResult result, SequencedMap<String, GrowingArray.Compressed> arrays) {
        String content = Npz.checksums(arrays);
        byte[] bytes = Npz.bytes(arrays);
        manifest.add(new StoredEpisode(file, result, bytes.length, content, WholeFile.sha256(bytes)), bytes);
    }

    private void throwFailure() {
        // A new exception each time: the same failure may end both the run and the closing, which adds one to the other.
        switch (failure) {
            case null -> { }
            case KitException e -> throw new KitException(e.getMessage(), e);
            case Throwable e -> throw new KitException("An episode could not be written (" + e + ").", e);
        }
    }

    /** Waits until all episodes taken are on disk. */
    @Override
    public void close() {
        thread.shutdown();
        boolean interrupted = false;
        for (boolean ended = false; !ended;) {
            try {
                ended = thread.awaitTermination(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        throwFailure();
    }
}
