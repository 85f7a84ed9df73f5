package worldmodels.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import worldmodels.run.KitException;
import worldmodels.run.Preset;
import worldmodels.run.Provenance;
import worldmodels.run.Stage;
import worldmodels.run.WholeFile;
import worldmodels.run.WorkFolder;

/**
 * {@code results/<preset>/} with {@code tables}, {@code figures}, {@code videos} and {@code pages}. Nothing is written here without provenance: each
 * artefact has {@code <name>.provenance.json} beside it, which also holds the artefact's SHA-256. The provenance is written first, so that
 * a process killed in between leaves no artefact without one, and a checksum that does not match tells of the kill. Nothing is read that fails
 * {@link #verify}.
 */
public final class ResultsFolder {

    private static final String PROVENANCE = ".provenance.json";
    private static final List<String> SECTIONS = List.of("tables", "figures", "videos", "pages");

    private final Path folder;

    /** @param folder the preset's own, e.g. {@code results/smoke} */
    public ResultsFolder(Path folder) {
        this.folder = folder;
    }

    /** Below {@code WM_RESULTS}, else {@code results} in the checkout ({@code WM_HOME}), else {@code results} in this folder. */
    public static ResultsFolder of(Preset preset) {
        String results = System.getenv("WM_RESULTS");
        String home = System.getenv("WM_HOME");
        Path root = results != null ? Path.of(results) : (home == null ? Path.of("") : Path.of(home)).resolve("results");
        return new ResultsFolder(root.toAbsolutePath().resolve(preset.name()));
    }

    public Path path() {
        return folder;
    }

    /**
     * Writes {@code tables/<name>.csv}, {@code .md} and {@code .tex}. What depends on the clock stands in a table of its own, whose name ends in
     * {@code -times}: all others are the same on every run, and the reproduction report compares them.
     */
    public void table(String name, ResultTable table, Provenance provenance) {
        SequencedMap<String, byte[]> files = new LinkedHashMap<>();
        files.put(name + ".csv", table.csv().getBytes(StandardCharsets.UTF_8));
        files.put(name + ".md", table.markdown().getBytes(StandardCharsets.UTF_8));
        files.put(name + ".tex", table.latex().getBytes(StandardCharsets.UTF_8));
        write("tables", name, files, provenance);
    }

    /** Writes {@code figures/<name>.png}. */
    public void figure(String name, Figure figure, Provenance provenance) {
        write("figures", name, Map.of(name + ".png", Png.bytes(figure.image())), provenance);
    }

    /** Writes {@code videos/<name>.gif}. */
    public void video(String name, AnimatedGif video, Provenance provenance) {
        write("videos", name, Map.of(name + ".gif", video.encoded().bytes()), provenance);
    }

    /** Writes {@code pages/<name>.html}, which a browser opens by itself. */
    public void page(String name, Interactive page, Provenance provenance) {
        write("pages", name, Map.of(name + ".html", page.page().getBytes(StandardCharsets.UTF_8)), provenance);
    }

    /**
     * Writes any other artefact, e.g. the scores of each episode.
     *
     * @param section the folder below the preset's, e.g. {@code tables}
     * @param file    name with extension, e.g. {@code episodes.csv}
     */
    public void file(String section, String file, byte[] content, Provenance provenance) {
        write(section, name(file), Map.of(file, content), provenance);
    }

    /** Where {@link #keep} puts stages. */
    public Path stages() {
        return folder.resolve("stages");
    }

    /**
     * Writes what is kept ({@link KeptStages}) of the stages behind a result, and of all before them, to {@code stages/<name>-<key>/}: with that, the
     * result can be made again without training. Beside each stands the run, with the lineage of that stage alone. What is there already stays as it
     * is, with the provenance of the run that made it.
     */
    public void keep(Provenance provenance, Stage... ends) {
        SequencedSet<Stage> all = new LinkedHashSet<>();
        for (Stage end : ends) {
            all.addAll(end.ancestry());
        }
        keepOnly(provenance, all);
    }

    /** Likewise, of these stages alone. */
    public void keepOnly(Provenance provenance, Collection<Stage> stages) {
        for (Stage stage : stages) {
            if (KeptStages.isWorthKeeping(stage)) {
                try (WorkFolder.Scratch scratch = WorkFolder.scratch()) {
                    stage.check();
                    KeptStages.copy(stage, scratch.path());
                    String section = "stages/" + stage.folder().getFileName();
                    Map<String, byte[]> files = bytes(scratch.path());
                    if (!isWritten(section, files)) {
                        write(section, "stage", files, provenance.standingOn(stage));
                    }
                }
            }
        }
    }

    private boolean isWritten(String section, Map<String, byte[]> files) {
        Path place = folder.resolve(section);
        Path record = place.resolve("stage" + PROVENANCE);
        return Files.exists(record) && files.entrySet().stream().allMatch(file -> {
            Path written = place.resolve(file.getKey());
            return Files.exists(written) && WholeFile.sha256(written).equals(WholeFile.sha256(file.getValue()));
        });
    }

    private static SequencedMap<String, byte[]> bytes(Path folder) {
        SequencedMap<String, byte[]> files = new LinkedHashMap<>();
        try (Stream<Path> all = Files.list(folder)) {
            for (Path file : all.sorted().toList()) {
                files.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
        } catch (IOException e) {
            throw new KitException("Cannot read " + folder + " (" + e.getMessage() + ").", e);
        }
        return files;
    }

    /**
     * A table that was written here.
     *
     * @throws KitException if there is none of that name, or {@link #verify} refuses it
     */
    public ResultTable table(String name) {
        return ResultTable.read(text("tables", name + ".md"), text("tables", name + ".csv"));
    }

    /** A figure that was written here, as a PNG file's bytes; {@code Notebook.show} shows them. Refuses as {@link #table(String)} does. */
    public byte[] figure(String name) {
        return read("figures", name + ".png");
    }

    /** An animation that was written here, as a GIF file's bytes. Refuses as {@link #table(String)} does. */
    public byte[] video(String name) {
        return read("videos", name + ".gif");
    }

    /**
     * What was written here under these names, in their order, for {@code Notebook.show}: the table, the figure and the animation of each. What is not here is a
     * text that says so, so that a page of all results can be made when only some notebooks have been run.
     *
     * @throws KitException if {@link #verify} refuses one of them
     */
    public Object[] those(String... names) {
        List<Object> there = new ArrayList<>();
        for (String name : names) {
            int before = there.size();
            if (files("tables").contains(name + ".md")) {
                there.add(table(name));
            }
            if (files("figures").contains(name + ".png")) {
                there.add(figure(name));
            }
            if (files("videos").contains(name + ".gif")) {
                there.add(video(name));
            }
            if (there.size() == before) {
                there.add(name + " is not among the results in " + folder.getFileName() + "; run the notebook that makes it, or leave it out.");
            }
        }
        return there.toArray();
    }

    /** Which run an artefact of that section came from. */
    public Provenance provenance(String section, String name) {
        return Provenance.read(folder.resolve(section).resolve(name + PROVENANCE));
    }

    /** The files of that section but for their provenance, in alphabetical order. */
    public List<String> files(String section) {
        Path place = folder.resolve(section);
        if (!Files.isDirectory(place)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(place)) {
            return all.map(path -> path.getFileName().toString()).filter(file -> !file.endsWith(PROVENANCE) && !file.startsWith("."))
                    .sorted().toList();
        } catch (IOException e) {
            throw new KitException("Cannot read the folder " + place + "; make it readable.", e);
        }
    }

    /** What {@link #verify} refuses, as {@code section/file}: edited by hand, or without provenance. */
    public List<String> changed() {
        List<String> changed = new ArrayList<>();
        for (String section : SECTIONS) {
            for (String file : files(section)) {
                try {
                    verify(section, file);
                } catch (KitException e) {
                    changed.add(section + "/" + file);
                }
            }
        }
        return changed;
    }

    /** The bytes of a file that {@link #verify} accepts. */
    byte[] read(String section, String file) {
        Path artefact = folder.resolve(section).resolve(file);
        if (!Files.exists(artefact)) {
            throw new KitException("There is no " + artefact + "; run the notebook that writes it first.");
        }
        verify(section, file);
        try {
            return Files.readAllBytes(artefact);
        } catch (IOException e) {
            throw new KitException("Cannot read " + artefact + "; make it readable.", e);
        }
    }

    String text(String section, String file) {
        return new String(read(section, file), StandardCharsets.UTF_8);
    }

    /** @throws KitException if an artefact of that section has no provenance or is not the one it was written for */
    public void verify(String section, String file) {
        Path artefact = folder.resolve(section).resolve(file);
        Path record = artefact.resolveSibling(name(file) + PROVENANCE);
        if (!Files.exists(record)) {
            throw new KitException(artefact + " has no provenance; write it again.");
        }
        if (!WholeFile.sha256(artefact).equals(Provenance.checksums(record).get(file))) {
            throw new KitException(artefact + " is not the file that " + record.getFileName() + " tells of; write it again.");
        }
    }

    /** A file's name without its extension. */
    static String name(String file) {
        return file.replaceFirst("\\.[^.]*$", "");
    }

    private void write(String section, String name, Map<String, byte[]> files, Provenance provenance) {
        if (provenance == null || provenance.seeds().isEmpty() && provenance.inputs().isEmpty()) {
            throw new KitException("'" + name + "' does not say which run it came from and is not written; give its provenance with "
                    + "seeds or inputs.");
        }
        if (!name.matches("[a-z0-9]+(-[a-z0-9]+)*")) {
            throw new KitException("'" + name + "' is no name for a result; use lower-case words joined by '-'.");
        }
        Path target = folder.resolve(section);
        SortedMap<String, String> checksums = new TreeMap<>();
        files.forEach((file, content) -> checksums.put(file, WholeFile.sha256(content)));
        provenance.write(target.resolve(name + PROVENANCE), checksums);
        files.forEach((file, content) -> WholeFile.write(target.resolve(file), out -> out.write(content)));
    }
}
