package worldmodels.run;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * One resumable step of an experiment. Its key is a hash of its settings and of the keys of its inputs, its folder is named by the key,
 * so a changed setting is another stage and never overwrites this one. A finished stage is loaded, an unfinished one continues from the
 * checkpoints in its folder. Nothing of a finished stage is used that is not as it was when it finished ({@code stage.json} has the checksums).
 */
public final class Stage {

    /** Does the stage's work in its folder, from whatever checkpoint it finds there; returns the facts to remember. */
    @FunctionalInterface
    public interface Work {
        Map<String, String> in(Path folder);
    }

    private static final String SECONDS = "seconds";
    private static final String MACHINE = "machine";
    private static final int NOTED_EVERY_S = 5;

    private final String name;
    private final SortedMap<String, String> settings;
    private final List<Stage> inputs;
    private final String key;
    private final Path folder;

    /**
     * @param workFolder where all stages live
     * @param name       what the stage is called, e.g. {@code vision}; the first part of its folder's name
     * @param settings   everything that decides its result
     * @param inputs     the stages whose results it reads
     */
    public Stage(Path workFolder, String name, Map<String, String> settings, List<Stage> inputs) {
        this.name = name;
        this.settings = new TreeMap<>(settings);
        this.inputs = List.copyOf(inputs);
        StringBuilder identity = new StringBuilder(name).append('\n');
        this.settings.forEach((k, v) -> identity.append(k).append('=').append(v).append('\n'));
        this.inputs.forEach(input -> identity.append("input ").append(input.key).append('\n'));
        this.key = WholeFile.sha256OfText(identity.toString()).substring(0, 12);
        this.folder = workFolder.resolve(name + "-" + key);
    }

    /** Twelve hexadecimal digits that stand for the settings and all inputs. */
    public String key() {
        return key;
    }

    public String name() {
        return name;
    }

    /** One of the settings that decide its result. */
    public String setting(String name) {
        return settings.get(name);
    }

    public Path folder() {
        return folder;
    }

    public boolean isFinished() {
        return Files.exists(folder.resolve(StageRecord.FILE));
    }

    /** This stage, and those before it, in another work folder. */
    public Stage in(Path workFolder) {
        return new Stage(workFolder, name, settings, inputs.stream().map(input -> input.in(workFolder)).toList());
    }

    /**
     * Runs the work unless the stage is already finished.
     *
     * @return this stage, finished
     * @throws KitException if another process is running it, or a file of the finished stage is not as it was recorded
     */
    public Stage complete(Work work) {
        if (isFinished()) {
            check();
            return this;
        }
        try {
            Files.createDirectories(folder);
            try (FileChannel channel = FileChannel.open(folder.resolve(StageRecord.LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                 FileLock lock = lock(channel)) {
                if (!isFinished()) {
                    finish(timed(work));
                }
            }
        } catch (IOException e) {
            throw new KitException("Cannot use the folder " + folder + " of stage " + name + " (" + e.getMessage()
                    + "); make it writable or set WM_WORK to another folder.", e);
        }
        return this;
    }

    /**
     * Compares all files of the finished stage with their checksums.
     *
     * @throws KitException that names one which is missing or not as it was recorded
     */
    public void check() {
        record().check();
    }

    /**
     * A file of the finished stage.
     *
     * @throws KitException if it is missing or not as it was recorded
     */
    public Path file(String name) {
        return record().file(name);
    }

    /**
     * Whether the finished stage has that file.
     *
     * @throws KitException if it is not as it was recorded
     */
    public boolean has(String name) {
        return record().has(name);
    }

    /** What the finished stage remembered: counts, scores. */
    public SortedMap<String, String> facts() {
        return record().facts();
    }

    /** Environment steps that the stage itself played; 0 if it played none. */
    public long environmentSteps() {
        return isFinished() ? Long.parseLong(facts().getOrDefault("environmentSteps", "0")) : 0;
    }

    /** Seconds of work, over all its runs; the last seconds of a run that was killed are not counted. */
    public double seconds() {
        if (isFinished()) {
            return record().seconds();
        }
        Path clock = folder.resolve(StageRecord.CLOCK);
        return Files.exists(clock) ? CheckedJson.read(clock, Set.of(), "delete it to have the stage's time start at 0.").get(SECONDS).getAsDouble() : 0;
    }

    /** This stage and all before it, each once, the first first. */
    public SequencedSet<Stage> ancestry() {
        SequencedSet<Stage> stages = new LinkedHashSet<>();
        inputs.forEach(input -> stages.addAll(input.ancestry()));
        stages.add(this);
        return stages;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Stage stage && stage.folder.equals(folder);
    }

    @Override
    public int hashCode() {
        return folder.hashCode();
    }

    /** What finished the stage: processor, cores, the tensor engine's device and the cluster if there was one. Work folders and kept stages travel between machines. */
    public Optional<String> machine() {
        return record().machine();
    }

    /**
     * Where a result comes from, back to the first stage: keys, what was remembered, and the SHA-256 of the files, compared with the files now. For
     * provenance: {@code vision.key}, {@code vision.validation}, {@code vision.vision.safetensors}, ...
     *
     * @throws KitException if a file is not as it was recorded
     */
    public SortedMap<String, String> lineage() {
        SortedMap<String, String> lineage = new TreeMap<>();
        ancestry().forEach(stage -> lineage.putAll(stage.traces()));
        return lineage;
    }

    /** This stage's own part of the {@link #lineage}. */
    SortedMap<String, String> traces() {
        SortedMap<String, String> traces = new TreeMap<>();
        traces.put(name + ".key", key);
        if (isFinished()) {
            StageRecord record = record();
            record.figures().forEach((fact, value) -> traces.put(name + "." + fact, value));
            record.machine().ifPresent(machine -> traces.put(name + "." + MACHINE, machine));
            record.check().forEach((file, sum) -> traces.put(name + "." + file, sum));
        }
        return traces;
    }

    /** Writes the record of this finished stage beside copies of some of its files: what is kept of a stage is less than what it made. */
    public void recordCopy(Path copy) {
        record().writeCopy(copy);
    }

    private Map<String, String> timed(Work work) {
        double before = seconds();
        long start = System.nanoTime();
        Runnable note = () -> {
            JsonObject clock = new JsonObject();
            clock.addProperty(SECONDS, before + (System.nanoTime() - start) / 1e9);
            CheckedJson.write(folder.resolve(StageRecord.CLOCK), clock);
        };
        // Noted now and then, so that the time of a run that is killed counts too.
        try (ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory())) {
            clock.scheduleAtFixedRate(note, NOTED_EVERY_S, NOTED_EVERY_S, TimeUnit.SECONDS);
            return work.in(folder);
        } finally {
            note.run();
        }
    }

    private void finish(Map<String, String> facts) throws IOException {
        JsonObject json = new JsonObject();
        json.addProperty("stage", name);
        json.addProperty("key", key);
        json.add("settings", object(settings));
        JsonObject keys = new JsonObject();
        inputs.forEach(input -> keys.addProperty(input.name, input.key));
        json.add("inputs", keys);
        json.add("facts", object(new TreeMap<>(facts)));
        json.addProperty(MACHINE, Processor.here() + TensorEngine.here().deviceInUse().map(device -> ", " + device).orElse("")
                + ChosenCluster.inUse().map(cluster -> ", on the cluster " + cluster.description()).orElse(""));
        json.addProperty(SECONDS, seconds());
        StageRecord.write(folder, json);
        Files.deleteIfExists(folder.resolve(StageRecord.CLOCK));
    }

    private StageRecord record() {
        return new StageRecord(folder, key);
    }

    private FileLock lock(FileChannel channel) throws IOException {
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // Held by another thread of this process: the same answer as for another process.
        }
        if (lock == null) {
            throw new KitException("Stage " + name + " (" + key + ") is being run by another process; wait for it or stop it.");
        }
        return lock;
    }

    private static JsonObject object(Map<String, String> map) {
        JsonObject object = new JsonObject();
        map.forEach(object::addProperty);
        return object;
    }
}
