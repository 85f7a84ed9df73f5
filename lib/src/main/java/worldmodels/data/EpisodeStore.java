package worldmodels.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import worldmodels.env.Space;
import worldmodels.run.Cluster;
import worldmodels.run.KitException;
import worldmodels.run.Progress;

/**
 * A folder of recorded episodes: one {@code .npz} each, as {@code numpy.load} reads it, and the list {@code manifest.csv} with seeds,
 * returns and SHA-256.
 *
 * <table><caption>Arrays of an episode of T steps, with the authors' names</caption>
 * <tr><td>obs</td><td>(T, height, width, 3) uint8</td><td>what was seen before each action</td></tr>
 * <tr><td>action</td><td>(T, action size) float32</td></tr>
 * <tr><td>reward</td><td>(T) float32</td></tr>
 * <tr><td>done</td><td>(T) bool</td><td>true in the last step only</td></tr>
 * </table>
 *
 * Seed, policy and environment decide the file, byte for byte (with one version of zlib).
 */
public final class EpisodeStore {

    private final Path folder;
    private final Optional<EpisodeStore> before;
    private final Manifest manifest;

    /**
     * @param folder where the episodes are, or will be
     * @throws KitException if its manifest is damaged
     */
    public EpisodeStore(Path folder) {
        this(folder, Optional.empty());
    }

    /**
     * Episodes that come after those of another store and count on from its last number: to whoever reads, one store with all of them. What is
     * recorded goes to this one's folder.
     */
    public EpisodeStore(Path folder, EpisodeStore before) {
        this(folder, Optional.of(before));
    }

    private EpisodeStore(Path folder, Optional<EpisodeStore> before) {
        this.folder = folder;
        this.before = before;
        this.manifest = new Manifest(folder, "record the episodes again with regenerate = true, which replaces damaged files only.");
    }

    public Path folder() {
        return folder;
    }

    /** The recorded episodes in the order of their numbers. */
    public List<StoredEpisode> episodes() {
        List<StoredEpisode> all = new ArrayList<>(before.map(EpisodeStore::episodes).orElse(List.of()));
        all.addAll(own());
        return all;
    }

    /** Those in this one's folder. */
    public List<StoredEpisode> own() {
        return manifest.entries();
    }

    /** The number of the first episode here. */
    private int first() {
        return before.map(store -> store.episodes().size()).orElse(0);
    }

    /** The file of the episode with a number: {@code episode-000042.npz}. */
    public static String fileName(int number) {
        return String.format(Locale.ROOT, "episode-%06d.npz", number);
    }

    /** Finds the files that are missing, cut short or altered since they were recorded; empty if none. */
    public List<Damage> verify(Progress progress) {
        List<Damage> damages = new ArrayList<>(before.map(store -> store.verify(progress)).orElse(List.of()));
        damages.addAll(manifest.verify(manifest.entries(), progress));
        return damages;
    }

    /** Records without anybody watching. See {@link #record(RolloutEngine, Policy, List, StepListener, boolean, Progress)}. */
    public List<StoredEpisode> record(RolloutEngine engine, Policy policy, List<EpisodeJob> jobs, boolean regenerate, Progress progress) {
        return record(engine, policy, jobs, StepListener.NONE, regenerate, progress);
    }

    /**
     * Plays and records the jobs' episodes. Episodes that are already here are checked and kept, so after an interruption the same call
     * continues where it was.
     *
     * @param jobs       the episodes; job i becomes file {@link #fileName}(i), counted on from an earlier store's last
     * @param watcher    sees the steps of the episodes that are played
     * @param regenerate whether damaged episodes are played again and replaced; nothing else is
     * @param progress   counts episodes, those that are already here included
     * @return the jobs' episodes, in the jobs' order
     * @throws KitException if the environment does not show pixels; if there are damaged episodes and {@code regenerate} is false (all
     *                      are named); if the folder holds other seeds' episodes; if a file cannot be written
     */
    public List<StoredEpisode> record(RolloutEngine engine, Policy policy, List<EpisodeJob> jobs, StepListener watcher, boolean regenerate,
            Progress progress) {
        if (engine.environments().observationSpace().type() != Space.Type.UINT8) {
            throw new KitException("Episodes are recorded as pixels, and this environment shows none; wrap it with a picture.");
        }
        return record(jobs, regenerate, progress, (open, files, rest) -> {
            try (EpisodeWriter writer = new EpisodeWriter(manifest);
                    EpisodeRecorder recorder = new EpisodeRecorder(engine.environments(), writer, files::get)) {
                engine.run(open, policy, watcher == StepListener.NONE ? recorder : recorder.and(watcher), rest);
            }
        });
    }

    /**
     * Plays and records the jobs' episodes on a cluster: the same files, byte for byte. What is here already counts as above.
     *
     * @param crew who records
     */
    public List<StoredEpisode> record(Cluster cluster, Crew crew, List<EpisodeJob> jobs, boolean regenerate, Progress progress) {
        String shared = Cluster.sharesFolders() ? folder.toAbsolutePath().toString() : null;
        if (shared != null) {
            cluster.requireShared(folder);
        }
        return record(jobs, regenerate, progress, (open, files, rest) -> new ClusterRecording(crew, shared).record(cluster, open, files, manifest, rest));
    }

    /** Plays what is not here yet. */
    @FunctionalInterface
    private interface Play {
        void play(List<EpisodeJob> open, List<String> files, Progress rest);
    }

    private List<StoredEpisode> record(List<EpisodeJob> jobs, boolean regenerate, Progress progress, Play play) {
        int first = first();
        refuseOthers(jobs, first);
        Set<String> damaged = findDamaged(jobs.size(), first, regenerate);
        int[] open = IntStream.range(0, jobs.size())
                .filter(i -> manifest.entry(fileName(first + i)) == null || damaged.contains(fileName(first + i))).toArray();
        manifest.removeUnfinished();
        if (open.length > 0) {
            play.play(Arrays.stream(open).mapToObj(jobs::get).toList(), Arrays.stream(open).mapToObj(i -> fileName(first + i)).toList(),
                    progress.forRest("Recording episodes", jobs.size() - open.length));
        }
        manifest.finish();
        return IntStream.range(0, jobs.size()).mapToObj(i -> manifest.entry(fileName(first + i))).toList();
    }

    /**
     * Plays and records one more episode, for who acts on what the episodes before have taught. Unlike {@link #record} it looks at no other file.
     *
     * @param number of the episode among this folder's own; if it is here already, it is kept and not played
     * @return the episode
     * @throws KitException if the folder holds another seed's episode under this number, or the file cannot be written
     */
    public StoredEpisode recordOne(RolloutEngine engine, Policy policy, int number, EpisodeJob job) {
        String file = fileName(first() + number);
        StoredEpisode here = manifest.entry(file);
        if (here != null && !here.result().job().equals(job)) {
            throw new KitException(folder + " holds another episode than asked for (" + file + " has seed " + here.seed() + ", not " + job.seed()
                    + "); choose another folder.");
        }
        if (here == null) {
            try (EpisodeWriter writer = new EpisodeWriter(manifest);
                    EpisodeRecorder recorder = new EpisodeRecorder(engine.environments(), writer, ignored -> file)) {
                engine.run(List.of(job), policy, recorder, Progress.NONE);
            }
        }
        return manifest.entry(file);
    }

    private void refuseOthers(List<EpisodeJob> jobs, int first) {
        for (int i = 0; i < jobs.size(); i++) {
            StoredEpisode entry = manifest.entry(fileName(first + i));
            if (entry != null && !jobs.get(i).equals(entry.result().job())) {
                throw new KitException(folder + " holds other episodes than asked for (" + entry.file() + " has seed " + entry.seed()
                        + ", not " + jobs.get(i).seed() + "); choose another folder.");
            }
        }
    }

    private Set<String> findDamaged(int jobs, int first, boolean regenerate) {
        List<StoredEpisode> here = new ArrayList<>();
        for (int i = 0; i < jobs; i++) {
            StoredEpisode entry = manifest.entry(fileName(first + i));
            if (entry != null) {
                here.add(entry);
            }
        }
        List<Damage> damages = here.isEmpty() ? List.of() : manifest.verify(here, Progress.NONE);
        if (!damages.isEmpty() && !regenerate) {
            String names = damages.stream().map(Damage::toString).collect(Collectors.joining(", "));
            throw new KitException("Damaged episodes in " + folder + ": " + names
                    + "; record with regenerate = true, which plays and replaces only these.");
        }
        Set<String> names = new HashSet<>();
        damages.forEach(damage -> names.add(damage.episode().file()));
        return names;
    }

    /**
     * Reads an episode, held against its checksums.
     *
     * @throws KitException if the file is missing or damaged
     */
    public Episode read(StoredEpisode episode) {
        Map<String, Npy> arrays = read(episode, "obs", "action", "reward", "done");
        Npy observations = arrays.get("obs");
        return new Episode(observations.data(), Arrays.copyOfRange(observations.shape(), 1, observations.shape().length),
                arrays.get("action").floats(), arrays.get("reward").floats(), booleans(arrays.get("done")));
    }

    /** An episode's observations alone (T x observation bytes). */
    byte[] readObservations(StoredEpisode episode) {
        return read(episode, "obs").get("obs").data();
    }

    private Map<String, Npy> read(StoredEpisode episode, String... names) {
        boolean isEarlier = before.isPresent() && manifest.entry(episode.file()) == null;
        return isEarlier ? before.get().read(episode, names) : manifest.read(episode, names);
    }

    static boolean[] booleans(Npy array) {
        boolean[] values = new boolean[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.data()[i] != 0;
        }
        return values;
    }
}
