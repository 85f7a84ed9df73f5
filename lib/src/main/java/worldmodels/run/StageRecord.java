package worldmodels.run;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * {@code stage.json}, what a finished stage wrote down: facts, time, machine, the SHA-256 of its files, and its own. Each file can be held against
 * it. Of episodes, thousands in a folder, the manifest counts; it holds their checksums, which are compared as each is read.
 *
 * <p>Earlier versions wrote no checksums here. A stage that was kept beside results is held against the provenance there, its record too. One in a
 * work folder remembered the checksums of its main files as facts: these are compared; its other files and facts cannot be.
 */
final class StageRecord {

    static final String FILE = "stage.json";
    static final String CLOCK = "seconds.json";
    static final String LOCK = "lock";

    private static final String KEPT = "stage.provenance.json";
    private static final Set<String> OLDER = Set.of("stage", "key", "settings", "inputs", "facts", "machine");
    private static final String OLDER_CLOCK = "seconds.txt";
    private static final String EPISODE = ".npz";
    private static final String FILES = "files";
    private static final Pattern SUM = Pattern.compile("[0-9a-f]{64}");

    private final Path folder;
    private final JsonObject json;
    private final String remedy;
    private final SortedMap<String, String> sums;

    /** @throws KitException if the record is damaged or another stage's */
    StageRecord(Path folder, String key) {
        this.folder = folder;
        this.remedy = "delete the folder " + folder + ", what it held is made again.";
        this.json = CheckedJson.read(folder.resolve(FILE), OLDER, remedy);
        if (!json.has("key") || !key.equals(json.get("key").getAsString())) {
            throw refused(FILE, "is another stage's");
        }
        this.sums = json.has(FILES) ? texts(FILES) : older();
    }

    /** Writes the record of a stage whose files are all there. */
    static void write(Path folder, JsonObject json) {
        json.add(FILES, CheckedJson.JSON.toJsonTree(sums(folder)));
        CheckedJson.write(folder.resolve(FILE), json);
    }

    /** Writes the record of a copy, with the checksums of the files there; one without checksums as it is. */
    void writeCopy(Path copy) {
        if (json.has(FILES)) {
            write(copy, json.deepCopy());
        } else {
            WholeFile.write(copy.resolve(FILE), out -> Files.copy(folder.resolve(FILE), out));
        }
    }

    SortedMap<String, String> facts() {
        return texts("facts");
    }

    /** Facts that are no checksums: those of earlier versions are of files as they were before their optimisers were taken away. */
    SortedMap<String, String> figures() {
        SortedMap<String, String> figures = facts();
        figures.values().removeIf(value -> SUM.matcher(value).matches());
        return figures;
    }

    Optional<String> machine() {
        return Optional.ofNullable(json.get("machine")).map(JsonElement::getAsString);
    }

    double seconds() {
        try {
            return json.has("seconds") ? json.get("seconds").getAsDouble() : has(OLDER_CLOCK) ? Double.parseDouble(Files.readString(folder.resolve(OLDER_CLOCK))) : 0;
        } catch (IOException | NumberFormatException e) {
            throw refused(OLDER_CLOCK, "is damaged");
        }
    }

    /**
     * Whether the stage has this file.
     *
     * @throws KitException if it is missing or not as it was recorded
     */
    boolean has(String file) {
        if (sums.containsKey(file)) {
            compare(file, sums.get(file));
        }
        return sums.containsKey(file);
    }

    /** @throws KitException as {@link #has} does, and if the stage recorded no such file */
    Path file(String file) {
        if (!has(file)) {
            throw refused(file, "was not there when the stage finished");
        }
        return folder.resolve(file);
    }

    /**
     * Compares all files.
     *
     * @return SHA-256 by name
     */
    SortedMap<String, String> check() {
        sums.forEach(this::compare);
        return new TreeMap<>(sums);
    }

    private void compare(String file, String sum) {
        if (!Files.isRegularFile(folder.resolve(file))) {
            throw refused(file, "is missing");
        }
        if (!WholeFile.sha256(folder.resolve(file)).equals(sum)) {
            throw refused(file, "is not what " + (json.has(FILES) ? FILE : KEPT) + " tells of");
        }
    }

    private SortedMap<String, String> older() {
        SortedMap<String, String> here = sums(folder);
        if (Files.exists(folder.resolve(KEPT))) {
            SortedMap<String, String> kept = Provenance.checksums(folder.resolve(KEPT));
            if (kept.containsKey(FILE)) {
                compare(FILE, kept.remove(FILE));
            }
            here.putAll(kept);
            return here;
        }
        facts().forEach((fact, value) -> {
            if (SUM.matcher(value).matches() && !here.containsValue(value)) {
                throw refused("The file with the stage's " + fact, "is missing or not what " + FILE + " tells of");
            }
        });
        return here;
    }

    /** All files but episodes, records, and what lives while the stage runs. */
    private static SortedMap<String, String> sums(Path folder) {
        SortedMap<String, String> sums = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                String name = folder.relativize(file).toString().replace('\\', '/');
                if (!name.endsWith(EPISODE) && !file.getFileName().toString().startsWith(".") && !List.of(FILE, KEPT, CLOCK, LOCK).contains(name)) {
                    sums.put(name, WholeFile.sha256(file));
                }
            }
        } catch (IOException e) {
            throw new KitException("Cannot read the folder " + folder + " (" + e.getMessage() + "); make it readable.", e);
        }
        return sums;
    }

    private SortedMap<String, String> texts(String entry) {
        SortedMap<String, String> texts = new TreeMap<>();
        try {
            for (Map.Entry<String, JsonElement> each : json.getAsJsonObject(entry).entrySet()) {
                texts.put(each.getKey(), each.getValue().getAsString());
            }
        } catch (NullPointerException | ClassCastException | IllegalStateException | UnsupportedOperationException e) {
            throw refused(FILE, "has no " + entry);
        }
        return texts;
    }

    private KitException refused(String file, String why) {
        return new KitException(file + " in " + folder + " " + why + "; " + remedy);
    }
}
