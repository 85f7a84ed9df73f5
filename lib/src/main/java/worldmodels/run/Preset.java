package worldmodels.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The settings of a run: {@code paper} holds the sources' values, {@code laptop} and {@code smoke} are written as differences from it.
 * {@link Settings} reads its values; a key nobody declared is a clear error. Immutable.
 */
public final class Preset implements Serializable {

    /** The environment variable that chooses the preset. */
    public static final String VARIABLE = "WM_PRESET";

    /** A setting that differs from the sources' value. */
    public record Difference(String key, String paper, String here) {}

    private final String name;
    private final SortedMap<String, String> paper;
    private final SortedMap<String, String> values;

    private Preset(String name, SortedMap<String, String> paper, SortedMap<String, String> values) {
        this.name = name;
        this.paper = Collections.unmodifiableSortedMap(paper);
        this.values = Collections.unmodifiableSortedMap(values);
    }

    /** The preset that {@code WM_PRESET} names; {@code smoke} when it is not set. */
    public static Preset chosen() {
        return named(Objects.requireNonNullElse(System.getenv(VARIABLE), "smoke"));
    }

    /** @throws KitException if there is no preset of that name */
    public static Preset named(String name) {
        SortedMap<String, String> paper = read("paper");
        Preset preset = new Preset(name, paper, paper);
        for (Map.Entry<String, String> change : name.equals("paper") ? List.<Map.Entry<String, String>>of() : read(name).entrySet()) {
            preset = preset.with(change.getKey(), change.getValue());
        }
        return preset;
    }

    /**
     * This preset with one setting changed: how ablations are configured.
     *
     * @throws KitException if the key is not one of the declared settings
     */
    public Preset with(String key, String value) {
        requireDeclared(key);
        SortedMap<String, String> changed = new TreeMap<>(values);
        changed.put(key, value);
        return new Preset(name, paper, changed);
    }

    public String name() {
        return name;
    }

    /** All settings, by key. */
    public SortedMap<String, String> settings() {
        return values;
    }

    /** The settings whose key starts with one of the prefixes: what a stage depends on. */
    public SortedMap<String, String> section(String... prefixes) {
        SortedMap<String, String> section = new TreeMap<>(values);
        section.keySet().removeIf(key -> Arrays.stream(prefixes).noneMatch(key::startsWith));
        return section;
    }

    /** What this preset reduces or changes against the sources; what it needs of a machine is no change. */
    public List<Difference> differences() {
        return values.keySet().stream()
                .filter(key -> !key.startsWith("budget."))
                .filter(key -> !values.get(key).equals(paper.get(key)))
                .map(key -> new Difference(key, paper.get(key), values.get(key)))
                .toList();
    }

    /** The differences in one line, e.g. {@code rollouts.episodes 400 (10000)}; "none" for the sources' own values. */
    public String reductions() {
        return reductions("");
    }

    /** {@link #reductions()} among the settings whose key starts with a prefix. */
    public String reductions(String prefix) {
        List<String> lines = differences().stream().filter(d -> d.key().startsWith(prefix)).map(d -> d.key() + " " + d.here() + " (" + d.paper() + ")").toList();
        return lines.isEmpty() ? "none" : String.join(", ", lines);
    }

    public String text(String key) {
        requireDeclared(key);
        return values.get(key);
    }

    /** A value at a glance, for a notebook; what the library does is read by {@link Settings}. */
    public int integer(String key) {
        try {
            return Integer.parseInt(text(key));
        } catch (NumberFormatException e) {
            throw new KitException("Setting " + key + " of preset " + name + " must be a whole number, not '" + values.get(key) + "'.", e);
        }
    }

    private void requireDeclared(String key) {
        if (!paper.containsKey(key)) {
            throw new KitException("There is no setting '" + key + "'; the settings are listed in environment/presets/paper.properties.");
        }
    }

    private static SortedMap<String, String> read(String name) {
        Properties properties = new Properties();
        String resource = "/worldmodels/presets/" + name + ".properties";
        try (InputStream in = Preset.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new KitException("There is no preset '" + name + "'; each has a file of its name in environment/presets.");
            }
            properties.load(new InputStreamReader(in, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new KitException("Cannot read preset file " + resource + "; build the kit again.", e);
        }
        SortedMap<String, String> values = new TreeMap<>();
        properties.stringPropertyNames().forEach(key -> values.put(key, properties.getProperty(key).strip()));
        return values;
    }
}
