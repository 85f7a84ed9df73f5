package worldmodels.data;

import java.nio.ByteBuffer;
import java.util.List;
import worldmodels.run.KitException;

/**
 * Batches of single frames, shuffled over all episodes, without end. The order depends on episodes, batch, window and seed only, and any
 * batch can be returned to, so training continues exactly where a checkpoint left it. Frames stream from disk, some 20,000 at a time.
 */
public final class FrameBatches implements AutoCloseable {

    /** 256 MiB, about 21,000 frames of 64 x 64 x 3: each batch mixes some twenty long episodes. */
    public static final long WINDOW_BYTES = 256L << 20;

    private final int batch;
    private final int frameBytes;
    private final int batchesPerEpoch;
    private final ShuffledWindows<byte[]> frames;
    private long position;

    /** With windows of {@link #WINDOW_BYTES}. */
    public FrameBatches(EpisodeStore store, List<StoredEpisode> episodes, int batch, long seed) {
        this(store, episodes, batch, seed, WINDOW_BYTES);
    }

    /**
     * @param episodes    what to draw from, see {@link Split}
     * @param batch       frames per batch
     * @param seed        of the order
     * @param windowBytes memory for one window of episodes; twice that is used
     * @throws KitException if there is less than one batch of frames, or the first episode is damaged
     */
    public FrameBatches(EpisodeStore store, List<StoredEpisode> episodes, int batch, long seed, long windowBytes) {
        long all = episodes.stream().mapToLong(StoredEpisode::length).sum();
        if (batch < 1 || all < batch) {
            throw new KitException(episodes.size() + " episodes with " + all + " frames do not fill one batch of " + batch
                    + "; record more episodes or lower vision.batch.");
        }
        this.batch = batch;
        frameBytes = Npy.size(store.read(episodes.getFirst()).observationShape());
        batchesPerEpoch = Math.toIntExact(all / batch);
        int[] items = episodes.stream().mapToInt(StoredEpisode::length).toArray();
        long[] bytes = episodes.stream().mapToLong(episode -> (long) episode.length() * frameBytes).toArray();
        frames = new ShuffledWindows<>("frames", items, bytes, windowBytes, (long) batchesPerEpoch * batch, seed,
                i -> load(store, episodes.get(i)));
    }

    private byte[] load(EpisodeStore store, StoredEpisode episode) {
        byte[] observations = store.readObservations(episode);
        if (observations.length != episode.length() * frameBytes) {
            throw new KitException("Episode " + episode.file()
                    + " has frames of another size than the others; record all with one environment.");
        }
        return observations;
    }

    /** Frames per batch. */
    public int batch() {
        return batch;
    }

    /** Whole batches per epoch. The frames left over, fewer than a batch, are others in each epoch. */
    public int batchesPerEpoch() {
        return batchesPerEpoch;
    }

    /** A direct buffer for one batch. */
    public ByteBuffer newBatch() {
        return ByteBuffer.allocateDirect(batch * frameBytes);
    }

    /** The number of the next batch, counted from 0 over all epochs. */
    public long position() {
        return position;
    }

    /** Makes the batch with a number the next one. */
    public void seek(long position) {
        this.position = position;
        frames.seek(position / batchesPerEpoch, position % batchesPerEpoch * batch);
    }

    /** Gives the batch with a number: {@link #seek} where needed, then {@link #next}. */
    public void fill(long position, ByteBuffer target) {
        if (position != this.position) {
            seek(position);
        }
        next(target);
    }

    /**
     * Gives the next batch.
     *
     * @param target receives (batch, height, width, 3) uint8 from its start; ready to be read afterwards
     * @throws KitException if an episode's file is missing or damaged, naming it
     */
    public void next(ByteBuffer target) {
        if (target.capacity() != batch * frameBytes) {
            throw new KitException("A batch of " + batch + " frames has " + batch * frameBytes + " bytes, the buffer " + target.capacity()
                    + "; allocate it with newBatch().");
        }
        target.clear();
        try {
            for (int i = 0; i < batch; i++) {
                frames.next();
                target.put(frames.episode(), frames.item() * frameBytes, frameBytes);
            }
        } catch (KitException e) {
            // So that the next call gives this batch, once the file is mended.
            seek(position);
            throw e;
        }
        target.flip();
        position++;
    }

    @Override
    public void close() {
        frames.close();
    }
}
