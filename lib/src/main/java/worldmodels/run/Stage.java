package worldmodels.run;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
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
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * One resumable step of an experiment. Its key is a hash of its settings and of the keys of its inputs, its folder is named by the key,
 * so a changed setting is another stage and never overwrites this one. A finished stage is loaded, an unfinished one continues from the
 * checkpoints in its folder.
 */
public final class Stage {

    /** Does the stage's work in its folder, from whatever checkpoint it finds there; returns the facts to remember. */
    @FunctionalInterface
    public interface Work {
        Map<String, String> in(Path folder);
    }

    private static final String FINISHED = "stage.json";
    private static final String SECONDS = "seconds.txt";
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
        return Files.exists(folder.resolve(FINISHED));
    }

    /**
     * Runs the work unless the stage is already finished.
     *
     * @return this stage, finished
     * @throws KitException if another process is running it
     */
    public Stage complete(Work work) {
        if (isFinished()) {
            return this;
        }
        try {
            Files.createDirectories(folder);
            try (FileChannel channel = FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
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

    /** What the finished stage remembered: checksums, counts, scores. */
    public SortedMap<String, String> facts() {
        SortedMap<String, String> facts = new TreeMap<>();
        record().getAsJsonObject("facts").entrySet().forEach(e -> facts.put(e.getKey(), e.getValue().getAsString()));
        return facts;
    }

    /** Environment steps that the stage itself played; 0 if it played none. */
    public long environmentSteps() {
        return isFinished() ? Long.parseLong(facts().getOrDefault("environmentSteps", "0")) : 0;
    }

    /** Seconds of work, over all its runs; the last seconds of a run that was killed are not counted. */
    public double seconds() {
        try {
            Path file = folder.resolve(SECONDS);
            return Files.exists(file) ? Double.parseDouble(Files.readString(file)) : 0;
        } catch (IOException e) {
            throw new KitException("Cannot read the time spent in " + folder + "; delete " + SECONDS + " there to start it at 0.", e);
        }
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

    /** What finished the stage: processor, cores, the tensor engine's device if there was one. Work folders and kept stages travel between machines. */
    public Optional<String> machine() {
        return Optional.ofNullable(record().get(MACHINE)).map(JsonElement::getAsString);
    }

    /** Keys and remembered facts of this stage and everything before it, for provenance: {@code vision.key}, {@code vision.weights}, ... */
    public SortedMap<String, String> lineage() {
        SortedMap<String, String> lineage = new TreeMap<>();
        for (Stage stage : ancestry()) {
            lineage.put(stage.name + ".key", stage.key);
            if (stage.isFinished()) {
                stage.facts().forEach((fact, value) -> lineage.put(stage.name + "." + fact, value));
                stage.machine().ifPresent(machine -> lineage.put(stage.name + "." + MACHINE, machine));
            }
        }
        return lineage;
    }

    private Map<String, String> timed(Work work) {
        double before = seconds();
        long start = System.nanoTime();
        Runnable note = () -> WholeFile.writeText(folder.resolve(SECONDS), String.valueOf(before + (System.nanoTime() - start) / 1e9));
        // Noted now and then, so that the time of a run that is killed counts too.
        try (ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory())) {
            clock.scheduleAtFixedRate(note, NOTED_EVERY_S, NOTED_EVERY_S, TimeUnit.SECONDS);
            return work.in(folder);
        } finally {
            note.run();
        }
    }

    private void finish(Map<String, String> facts) {
        JsonObject json = new JsonObject();
        json.addProperty("stage", name);
        json.addProperty("key", key);
        json.add("settings", object(settings));
        JsonObject keys = new JsonObject();
        inputs.forEach(input -> keys.addProperty(input.name, input.key));
        json.add("inputs", keys);
        json.add("facts", object(new TreeMap<>(facts)));
        json.addProperty(MACHINE, Processor.here() + TensorEngine.here().deviceInUse().map(device -> ", " + device).orElse(""));
        WholeFile.writeText(folder.resolve(FINISHED), new GsonBuilder().setPrettyPrinting().create().toJson(json) + "\n");
    }

    private JsonObject record() {
        Path file = folder.resolve(FINISHED);
        try {
            return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
        } catch (IOException | RuntimeException e) {
            throw new KitException("Cannot read " + file + "; delete it to have stage " + name + " finished again from its checkpoint.", e);
        }
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
