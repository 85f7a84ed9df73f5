package worldmodels.data;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import worldmodels.run.KitException;
import worldmodels.run.Progress;
import worldmodels.run.StoppedException;

/**
 * A folder of encoded episodes: each recorded episode goes through the vision model once, and the memory model trains on what came out.
 * One {@code .npz} each with mu, logvar (T, latent), action, reward and done, and a manifest as in {@link EpisodeStore}. The means and
 * variances are usually kept as float16, as the authors do.
 */
public final class EncodedStore {

    /** What encoding needs of a vision model: frames in, the parameters of their latent posteriors out. */
    @FunctionalInterface
    public interface Encoder {

        /**
         * @param frames direct buffer, (count, height, width, 3) uint8 from position to limit
         * @param count  number of frames, {@link #FRAMES_AT_ONCE} or, at an episode's end, fewer
         * @param mu     receives the means (count x latent) from its start
         * @param logvar receives the logarithms of the variances, likewise
         */
        void encode(ByteBuffer frames, int count, float[] mu, float[] logvar);
    }

    /** Frames per call of the encoder. */
    public static final int FRAMES_AT_ONCE = 256;

    private final Path folder;
    private final Manifest manifest;

    /** @throws KitException if the folder's manifest is damaged */
    public EncodedStore(Path folder) {
        this.folder = folder;
        this.manifest = new Manifest(folder, "encode the episodes again, which replaces damaged files only.");
    }

    /** The encoded episodes in the order of their numbers, under the names, seeds and returns of the recorded ones. */
    public List<StoredEpisode> episodes() {
        return manifest.entries();
    }

    /** Finds the files that are missing, cut short or altered; empty if none. */
    public List<Damage> verify(Progress progress) {
        return manifest.verify(manifest.entries(), progress);
    }

    /**
     * Encodes what is not here yet; damaged files are made anew. After an interruption the same call continues where it was.
     *
     * @param source   where the recorded episodes are
     * @param episodes which of them
     * @param latent   number of latent dimensions
     * @param type     how mu and logvar are kept, FLOAT16 or FLOAT32
     * @return the encoded episodes in the given order
     * @throws KitException if a recorded episode is damaged, or the folder holds others' encodings
     */
    public List<StoredEpisode> encode(EpisodeStore source, List<StoredEpisode> episodes, int latent, Npy.Type type, Encoder encoder,
            Progress progress) {
        if (type != Npy.Type.FLOAT16 && type != Npy.Type.FLOAT32) {
            throw new KitException("Latents are kept as FLOAT16 or FLOAT32, not as " + type + ".");
        }
        List<StoredEpisode> open = episodes.stream().filter(missingOrDamaged(episodes)).toList();
        manifest.removeUnfinished();
        progress.start("Encoding episodes", episodes.size(), "episodes");
        if (!open.isEmpty()) {
            try (EpisodeWriter writer = new EpisodeWriter(manifest)) {
                CompletableFuture<Episode> next = CompletableFuture.supplyAsync(() -> source.read(open.getFirst()));
                for (int i = 0; i < open.size(); i++) {
                    progress.at(episodes.size() - open.size() + i, "");
                    Episode episode = take(next);
                    StoredEpisode following = i + 1 < open.size() ? open.get(i + 1) : null;
                    next = following == null ? null : CompletableFuture.supplyAsync(() -> source.read(following));
                    StoredEpisode from = open.get(i);
                    writer.write(from.file(), from.result(), arrays(episode, latent, type, encoder));
                }
            }
        }
        manifest.finish();
        progress.done("");
        return episodes.stream().map(episode -> manifest.entry(episode.file())).toList();
    }

    private Predicate<StoredEpisode> missingOrDamaged(List<StoredEpisode> episodes) {
        List<StoredEpisode> here = new ArrayList<>();
        for (StoredEpisode episode : episodes) {
            StoredEpisode entry = manifest.entry(episode.file());
            if (entry != null) {
                if (entry.seed() != episode.seed() || entry.length() != episode.length()) {
                    throw new KitException(folder + " holds encodings of other episodes (" + entry.file() + " has seed " + entry.seed()
                            + " and " + entry.length() + " steps); choose another folder.");
                }
                here.add(entry);
            }
        }
        var damaged = manifest.verify(here, Progress.NONE).stream().map(damage -> damage.episode().file()).collect(Collectors.toSet());
        return episode -> manifest.entry(episode.file()) == null || damaged.contains(episode.file());
    }

    private static Episode take(CompletableFuture<Episode> next) {
        try {
            return next.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof KitException known ? known
                    : new KitException("An episode could not be read (" + e.getCause() + ").", e);
        }
    }

    private static SequencedMap<String, GrowingArray.Compressed> arrays(Episode episode, int latent, Npy.Type type, Encoder encoder) {
        GrowingArray mu = new GrowingArray(type, latent);
        GrowingArray logvar = new GrowingArray(type, latent);
        int bytes = episode.observationBytes();
        ByteBuffer frames = ByteBuffer.allocateDirect(FRAMES_AT_ONCE * bytes);
        float[] means = new float[FRAMES_AT_ONCE * latent];
        float[] logVariances = new float[FRAMES_AT_ONCE * latent];
        for (int t = 0; t < episode.length(); t += FRAMES_AT_ONCE) {
            StoppedException.throwIfInterrupted("Encoding episodes");
            int count = Math.min(FRAMES_AT_ONCE, episode.length() - t);
            encoder.encode(frames.clear().put(episode.observations(), t * bytes, count * bytes).flip(), count, means, logVariances);
            mu.append(Arrays.copyOf(means, count * latent));
            logvar.append(Arrays.copyOf(logVariances, count * latent));
        }
        GrowingArray actions = new GrowingArray(Npy.Type.FLOAT32, episode.actionSize());
        actions.append(episode.actions());
        GrowingArray rewards = new GrowingArray(Npy.Type.FLOAT32);
        rewards.append(episode.rewards());
        GrowingArray done = new GrowingArray(Npy.Type.BOOL);
        for (boolean ended : episode.done()) {
            done.append(ended);
        }
        SequencedMap<String, GrowingArray.Compressed> arrays = new LinkedHashMap<>();
        arrays.put("mu", mu.finish());
        arrays.put("logvar", logvar.finish());
        arrays.put("action", actions.finish());
        arrays.put("reward", rewards.finish());
        arrays.put("done", done.finish());
        return arrays;
    }

    /**
     * Reads an encoded episode, held against its checksums.
     *
     * @throws KitException if the file is missing or damaged
     */
    public EncodedEpisode read(StoredEpisode episode) {
        Map<String, Npy> arrays = manifest.read(episode, "mu", "logvar", "action", "reward", "done");
        return new EncodedEpisode(arrays.get("mu"), arrays.get("logvar"), arrays.get("action").floats(), arrays.get("reward").floats(),
                EpisodeStore.booleans(arrays.get("done")));
    }
}
