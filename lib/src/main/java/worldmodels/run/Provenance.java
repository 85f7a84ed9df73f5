package worldmodels.run;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Which run a table, figure or animation came from: enough to run it again and to know why a digit differs. A value; each {@code with}
 * returns a fuller one.
 *
 * @param commit           of the kit's sources; {@code unknown} outside a git checkout
 * @param modified         whether files differed from that commit
 * @param preset           {@code smoke}, {@code laptop} or {@code paper}
 * @param reductions       settings that differ from the paper's, as {@code here (paper)}
 * @param seeds            roots of the random streams
 * @param inputs           keys and checksums of the data and weights, back to the rollouts
 * @param versions         of kit, JDK, DJL, libtorch, and the kernel when there is one
 * @param machine          processor, cores, memory, operating system, and the device that the models ran on
 * @param threads          how many threads one tensor operation may use; sums differ in their last digits between one and two
 * @param environmentSteps how many steps of the environment the numbers took
 * @param wallSeconds      how long the run took, over all its sessions
 * @param command          what started it
 * @param written          when, UTC
 */
public record Provenance(String commit, boolean modified, String preset, SortedMap<String, String> reductions, List<Long> seeds,
                         SortedMap<String, String> inputs, SortedMap<String, String> versions, SortedMap<String, String> machine,
                         int threads, long environmentSteps, double wallSeconds, String command, String written) {

    private static final String FILES = "files";
    private static final Set<String> ENTRIES = Set.of("commit", "modified", "preset", "reductions", "seeds", "inputs", "versions", "machine", "threads",
            "environmentSteps", "wallSeconds", "command", "written", FILES);
    private static final String REMEDY = "delete it with the files that it tells of, and run again what wrote them.";

    public Provenance {
        reductions = sorted(reductions);
        seeds = List.copyOf(seeds);
        inputs = sorted(inputs);
        versions = sorted(versions);
        machine = sorted(machine);
    }

    /** This process at work on a preset, with the lineage, environment steps and time of the stages that the result stands on, each counted once. */
    public static Provenance of(Preset preset, Stage... stages) {
        Checkout checkout = Checkout.here();
        TensorEngine.Description compute = TensorEngine.here().describe();
        SortedMap<String, String> reductions = new TreeMap<>();
        preset.differences().forEach(d -> reductions.put(d.key(), d.here() + " (" + d.paper() + ")"));
        SortedMap<String, String> versions = new TreeMap<>(Map.of("kit", Machine.kitVersion(), "jdk", Runtime.version().toString(),
                "djl", compute.djl(), "libtorch", compute.libtorch()));
        SortedMap<String, String> machine = Machine.facts();
        machine.put("device", compute.device());
        ChosenCluster.inUse().ifPresent(cluster -> {
            versions.putAll(cluster.versions());
            machine.put("cluster", cluster.description());
        });
        Provenance provenance = new Provenance(checkout.commit(), checkout.modified(), preset.name(), reductions,
                List.of(Long.parseLong(preset.text("seed"))), new TreeMap<>(), versions, machine, compute.threads(), 0, 0,
                Machine.command(), Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        return provenance.standingOn(stages);
    }

    /** This run, with the lineage, environment steps and time of these stages in the place of those that it had. */
    public Provenance standingOn(Stage... stages) {
        Set<Stage> all = new LinkedHashSet<>();
        for (Stage stage : stages) {
            all.addAll(stage.ancestry());
        }
        SortedMap<String, String> lineage = new TreeMap<>();
        all.forEach(stage -> lineage.putAll(stage.traces()));
        return with(seeds, lineage, versions, all.stream().mapToLong(Stage::environmentSteps).sum(), all.stream().mapToDouble(Stage::seconds).sum());
    }

    /** @param more seeds besides the preset's, e.g. those of the tracks in a figure */
    public Provenance withSeeds(long... more) {
        return with(Stream.concat(seeds.stream(), LongStream.of(more).boxed()).toList(), inputs, versions, environmentSteps, wallSeconds);
    }

    /** @param version of one more part, e.g. {@code kernel} */
    public Provenance withVersion(String part, String version) {
        return with(seeds, inputs, merged(versions, Map.of(part, version)), environmentSteps, wallSeconds);
    }

    /** @param steps of the environment that the result took */
    public Provenance withSteps(long steps) {
        return with(seeds, inputs, versions, steps, wallSeconds);
    }

    /** @param seconds of work that the result took */
    public Provenance withSeconds(double seconds) {
        return with(seeds, inputs, versions, environmentSteps, seconds);
    }

    private Provenance with(List<Long> seeds, SortedMap<String, String> inputs, SortedMap<String, String> versions, long steps, double seconds) {
        return new Provenance(commit, modified, preset, reductions, seeds, inputs, versions, machine, threads, steps, seconds, command, written);
    }

    public String toJson() {
        return CheckedJson.JSON.toJson(this);
    }

    /** One line for readers: preset, commit, first seed, cost, machine, date. */
    public String summary() {
        List<String> parts = new ArrayList<>(List.of("preset " + preset,
                "commit " + commit.substring(0, Math.min(10, commit.length())) + (modified ? ", modified" : "")));
        if (!seeds.isEmpty()) {
            parts.add("seed " + seeds.getFirst());
        }
        if (environmentSteps > 0) {
            parts.add(String.format(Locale.ROOT, "%,d environment steps", environmentSteps));
        }
        if (wallSeconds > 0) {
            parts.add(String.format(Locale.ROOT, wallSeconds < 3600 ? "%.0f min" : "%.1f h", wallSeconds < 3600 ? wallSeconds / 60 : wallSeconds / 3600));
        }
        parts.add(machine.getOrDefault("cpu", "?") + ", " + machine.getOrDefault("cores", "?") + " cores");
        parts.add(written.replaceFirst("T.*", ""));
        return String.join(" · ", parts);
    }

    /**
     * Writes the record with its own checksum and those of the files that it tells of.
     *
     * @param checksums SHA-256 of each of them, by name
     */
    public void write(Path file, Map<String, String> checksums) {
        JsonObject record = CheckedJson.JSON.toJsonTree(this).getAsJsonObject();
        record.add(FILES, CheckedJson.JSON.toJsonTree(checksums));
        CheckedJson.write(file, record);
    }

    /** @throws KitException if the file is missing, cut short, altered or no provenance record */
    public static Provenance read(Path file) {
        JsonObject record = record(file);
        try {
            // By hand: the gson of stock kernels makes no records.
            return new Provenance(text(record, "commit"), record.get("modified").getAsBoolean(), text(record, "preset"), texts(record, "reductions"),
                    List.of(CheckedJson.JSON.fromJson(record.get("seeds"), Long[].class)), texts(record, "inputs"),
                    texts(record, "versions"), texts(record, "machine"), record.get("threads").getAsInt(),
                    record.get("environmentSteps").getAsLong(), record.get("wallSeconds").getAsDouble(), text(record, "command"),
                    text(record, "written"));
        } catch (RuntimeException e) {
            throw new KitException(file + " is no provenance record; " + REMEDY, e);
        }
    }

    /**
     * SHA-256 of each file that the record tells of, by name.
     *
     * @throws KitException as {@link #read} does
     */
    public static SortedMap<String, String> checksums(Path file) {
        try {
            return texts(record(file), FILES);
        } catch (NullPointerException | ClassCastException | IllegalStateException | UnsupportedOperationException e) {
            throw new KitException(file + " tells of no files; " + REMEDY, e);
        }
    }

    private static String text(JsonObject record, String entry) {
        return record.get(entry).getAsString();
    }

    private static SortedMap<String, String> texts(JsonObject record, String entry) {
        SortedMap<String, String> texts = new TreeMap<>();
        record.getAsJsonObject(entry).entrySet().forEach(one -> texts.put(one.getKey(), one.getValue().getAsString()));
        return texts;
    }

    private static JsonObject record(Path file) {
        return CheckedJson.read(file, ENTRIES, REMEDY);
    }

    private static SortedMap<String, String> merged(Map<String, String> some, Map<String, String> more) {
        SortedMap<String, String> all = new TreeMap<>(some);
        all.putAll(more);
        return all;
    }

    private static SortedMap<String, String> sorted(Map<String, String> map) {
        return Collections.unmodifiableSortedMap(new TreeMap<>(map));
    }
}
