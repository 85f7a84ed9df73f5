package worldmodels.planet;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import worldmodels.data.Episode;
import worldmodels.data.EpisodeStore;
import worldmodels.data.StoredEpisode;
import worldmodels.env.ActionScale;
import worldmodels.random.Pcg64;
import worldmodels.run.KitException;

/**
 * The data set D of PlaNet's algorithm 1: chunks of recorded episodes, each of all possible chunks as likely as any other.
 *
 * <p>Episodes are stored compressed; their pixels are also laid out plainly in one file that is mapped into memory while the replay is open, so that
 * a batch is copied from the system's page cache and a long run takes no memory of its own (a thousand cartpole episodes are 1.5 GB on disk). What a
 * draw gives depends on its seed and on the episodes added.
 */
public final class SequenceReplay implements AutoCloseable {

    /** Bytes of one frame. */
    static final int FRAME = 64 * 64 * 3;

    /** An episode's pixels, and what is small. */
    private record Held(MemorySegment pixels, float[] actions, float[] rewards) {
        int length() {
            return rewards.length;
        }
    }

    private final EpisodeStore store;
    private final ActionScale scale;
    private final int batch;
    private final int chunk;
    private final ByteBuffer frames;
    private final MemorySegment frameMemory;
    private final Arena arena = Arena.ofShared();
    private final FileChannel plain;
    private final List<Held> episodes = new ArrayList<>();
    private long end;

    /**
     * @param store where the episodes are
     * @param scale of their actions
     * @param batch chunks of a draw
     * @param chunk steps of a chunk
     * @param plain the file of plain pixels; made, and gone once this is closed
     */
    SequenceReplay(EpisodeStore store, ActionScale scale, int batch, int chunk, Path plain) {
        this.store = store;
        this.scale = scale;
        this.batch = batch;
        this.chunk = chunk;
        this.frames = ByteBuffer.allocateDirect(Math.multiplyExact(batch * chunk, FRAME));
        this.frameMemory = MemorySegment.ofBuffer(frames);
        try {
            Files.createDirectories(plain.getParent());
            this.plain = FileChannel.open(plain, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.READ,
                    StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
        } catch (IOException e) {
            throw cannotWrite(e);
        }
    }

    /**
     * Adds a recorded episode.
     *
     * @throws KitException if it is damaged, shorter than a chunk, or no picture of 64 x 64
     */
    void add(StoredEpisode stored) {
        Episode episode = store.read(stored);
        if (episode.observationBytes() != FRAME) {
            throw new KitException("Episode " + stored.file() + " shows " + episode.observationBytes() + " bytes per step; PlaNet takes pictures of"
                    + " 64 x 64 pixels in colour.");
        }
        if (episode.length() < chunk) {
            throw new KitException("Episode " + stored.file() + " has " + episode.length() + " steps, fewer than the chunks of " + chunk
                    + " that are drawn from it; lower planet.chunk.");
        }
        try {
            ByteBuffer pixels = ByteBuffer.wrap(episode.observations());
            while (pixels.hasRemaining()) {
                plain.write(pixels, end + pixels.position());
            }
            MemorySegment mapped = plain.map(FileChannel.MapMode.READ_ONLY, end, pixels.limit(), arena);
            end += pixels.limit();
            episodes.add(new Held(mapped, unit(episode), episode.rewards()));
        } catch (IOException e) {
            throw cannotWrite(e);
        }
    }

    private float[] unit(Episode episode) {
        float[] actions = episode.actions().clone();
        for (int i = 0; i < actions.length; i++) {
            actions[i] = (float) scale.toUnit(i % scale.size(), actions[i]);
        }
        return actions;
    }

    int episodes() {
        return episodes.size();
    }

    /** The recorded step t led to frame t + 1; so a chunk's first frame comes without an action. The frames are overwritten by the next draw. */
    SequenceBatch draw(long seed) {
        Pcg64 random = Pcg64.seeded(seed);
        long[] begins = new long[episodes.size() + 1];
        for (int i = 0; i < episodes.size(); i++) {
            begins[i + 1] = begins[i] + episodes.get(i).length() - chunk + 1;
        }
        long[] chosen = new long[batch];
        for (int b = 0; b < batch; b++) {
            chosen[b] = random.integers(0, begins[episodes.size()]);
        }
        float[] actions = new float[chunk * batch * scale.size()];
        float[] rewards = new float[chunk * batch];
        IntStream.range(0, batch).parallel().forEach(b -> {
            int i = containing(begins, chosen[b]);
            copy(episodes.get(i), (int) (chosen[b] - begins[i]), b, actions, rewards);
        });
        return new SequenceBatch(chunk, batch, frames.clear(), actions, rewards);
    }

    private static int containing(long[] begins, long place) {
        int low = 0;
        int high = begins.length - 1;
        while (high - low > 1) {
            int middle = low + high >>> 1;
            if (begins[middle] <= place) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private void copy(Held episode, int begin, int b, float[] actions, float[] rewards) {
        int size = scale.size();
        for (int t = 0; t < chunk; t++) {
            int row = t * batch + b;
            MemorySegment.copy(episode.pixels, (long) (begin + t) * FRAME, frameMemory, (long) row * FRAME, FRAME);
            if (t > 0) {
                System.arraycopy(episode.actions, (begin + t - 1) * size, actions, row * size, size);
                rewards[row] = episode.rewards[begin + t - 1];
            }
        }
    }

    private static KitException cannotWrite(IOException e) {
        return new KitException("Cannot write the replay's plain pixels (" + e.getMessage() + "); free space there or choose another work folder.", e);
    }

    @Override
    public void close() {
        arena.close();
        try {
            plain.close();
        } catch (IOException e) {
            throw cannotWrite(e);
        }
    }
}
