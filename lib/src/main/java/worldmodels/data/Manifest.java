package worldmodels.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import worldmodels.run.KitException;
import worldmodels.run.Progress;
import worldmodels.run.StoppedException;
import worldmodels.run.WholeFile;

/**
 * The list {@code manifest.csv} of a folder of episodes: a line is added when an episode's file is complete, so a killed process
 * loses unfinished episodes only. When a line repeats a file, the later one counts. A last line that was cut off is ignored.
 *
 * <p>A line ends with a checksum of itself and of the one before it, and so of all before it. The list of a finished recording is in order and ends
 * with a line that says how many episodes there are; one without that line is of a recording that goes on. Lists of earlier versions have neither.
 */
final class Manifest {

    private static final String OLDER_HEADER = "file,seed,candidate,length,return,terminated,truncated,bytes,content,sha256";
    private static final String HEADER = OLDER_HEADER + ",check";
    private static final String END = "end,";
    private static final int DIGITS = 16;
    private static final int AT_ONCE = 64;

    private final Path folder;
    private final Path path;
    private final String remedy;
    private final ConcurrentSkipListMap<String, StoredEpisode> entries = new ConcurrentSkipListMap<>();
    private String check = "";
    /** Whether the file's next line may be appended, and whether the list is a finished recording's. */
    private boolean isOpen;
    private boolean isWhole;

    /** @param remedy what to do about a damaged file, the end of a sentence */
    Manifest(Path folder, String remedy) {
        this.folder = folder;
        this.remedy = remedy;
        this.path = folder.resolve("manifest.csv");
        if (Files.exists(path)) {
            read();
        }
    }

    private void read() {
        String text;
        try {
            text = Files.readString(path);
        } catch (IOException e) {
            throw new KitException("Cannot read " + path + " (" + e.getMessage() + "); make it readable, or delete the folder to have its episodes"
                    + " made again.", e);
        }
        List<String> lines = List.of(text.split("\n", -1));
        List<String> whole = lines.subList(0, lines.size() - 1);
        boolean isCut = !lines.getLast().isEmpty();
        boolean isOlder = !whole.isEmpty() && whole.getFirst().equals(OLDER_HEADER);
        if (!whole.isEmpty() && !isOlder && !whole.getFirst().equals(HEADER)) {
            throw damaged(0);
        }
        boolean isEnded = false;
        for (int i = 1; i < whole.size(); i++) {
            String content = isOlder ? whole.get(i) : unchecked(whole.get(i));
            if (!isEnded && !isOlder && content.equals(END + entries.size())) {
                isEnded = true;
                continue;
            }
            StoredEpisode entry = isEnded ? null : parse(content);
            if (entry == null) {
                throw damaged(i);
            }
            entries.put(entry.file(), entry);
        }
        if (isEnded && isCut) {
            throw damaged(whole.size());
        }
        isWhole = isEnded || isOlder && !isCut;
        isOpen = !isOlder && !isEnded && !isCut && !whole.isEmpty();
    }

    private KitException damaged(int line) {
        return new KitException("Line " + (line + 1) + " of " + path + " is damaged; delete it and all after it (their episodes are then made anew) or"
                + " the whole folder.");
    }

    /** A line with the checksum of itself and, by the last one's checksum, of all before. */
    private static String checked(String content, String before) {
        return content + "," + WholeFile.sha256OfText(before + "\n" + content).substring(0, DIGITS);
    }

    /** A line without its checksum; empty if that is wrong. */
    private String unchecked(String line) {
        String content = line.substring(0, Math.max(0, line.length() - DIGITS - 1));
        boolean isRight = line.equals(checked(content, check));
        check = line.substring(line.length() - Math.min(line.length(), DIGITS));
        return isRight ? content : "";
    }

    private static StoredEpisode parse(String line) {
        String[] cells = line.split(",", -1);
        if (cells.length != OLDER_HEADER.split(",").length) {
            return null;
        }
        try {
            EpisodeJob job = new EpisodeJob(Integer.parseInt(cells[2]), Long.parseLong(cells[1]));
            EpisodeResult result = new EpisodeResult(job, Double.parseDouble(cells[4]), Integer.parseInt(cells[3]),
                    Boolean.parseBoolean(cells[5]), Boolean.parseBoolean(cells[6]));
            return new StoredEpisode(cells[0], result, Long.parseLong(cells[7]), cells[8], cells[9]);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static String line(StoredEpisode e) {
        EpisodeResult result = e.result();
        return String.join(",", e.file(), Long.toString(e.seed()), Integer.toString(result.job().candidate()),
                Integer.toString(e.length()), Double.toString(result.episodeReturn()), Boolean.toString(result.terminated()),
                Boolean.toString(result.truncated()), Long.toString(e.bytes()), e.content(), e.sha256());
    }

    /** Removes what a killed process was writing; its unfinished files are never read. */
    void removeUnfinished() {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> unfinished = Files.newDirectoryStream(folder, ".*.part")) {
            for (Path file : unfinished) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new KitException("Cannot tidy " + folder + " (" + e.getMessage() + "); make it writable or choose another folder.", e);
        }
    }

    /** In the order of file names. */
    List<StoredEpisode> entries() {
        return new ArrayList<>(entries.values());
    }

    StoredEpisode entry(String file) {
        return entries.get(file);
    }

    /** Writes an episode's file, then its line. Called from one thread at a time. */
    void add(StoredEpisode entry, byte[] content) {
        refuseOther(entry);
        WholeFile.write(folder.resolve(entry.file()), out -> out.write(content));
        add(entry);
    }

    /** Writes the line of an episode whose file is there. */
    void add(StoredEpisode entry) {
        refuseOther(entry);
        if (!isOpen || !Files.exists(path)) {
            write(false);
        }
        String line = checked(line(entry), check);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            channel.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
            channel.force(false);
        } catch (IOException e) {
            throw new KitException("Cannot write " + path + " (" + e.getMessage() + "); free space there or choose another folder.", e);
        }
        check = line.substring(line.length() - DIGITS);
        entries.put(entry.file(), entry);
    }

    private void refuseOther(StoredEpisode entry) {
        StoredEpisode before = entries.get(entry.file());
        if (before != null && !before.content().equals(entry.content())) {
            throw new KitException("Episode " + entry.file() + " came out differently from when it was first recorded, so the environment or the"
                    + " policy has changed since; delete the folder and record all of it anew.");
        }
    }

    /** Reads some of the arrays of an episode, held against what was recorded. */
    Map<String, Npy> read(StoredEpisode entry, String... names) {
        Path file = folder.resolve(entry.file());
        try {
            Map<String, Npy> arrays = Npz.read(file, entry.content(), Set.of(names)::contains);
            if (arrays.size() < names.length) {
                throw new IOException("it lacks one of the arrays " + String.join(", ", names));
            }
            return arrays;
        } catch (IOException | RuntimeException e) {
            String reason = e instanceof NoSuchFileException ? "it is missing" : e.getMessage();
            throw new KitException("The episode file " + file + " cannot be used (" + reason + "); " + remedy, e);
        }
    }

    /** Puts the list in order, each file once, and ends it. */
    void finish() {
        if (!isWhole) {
            write(true);
        }
    }

    private void write(boolean isEnded) {
        StringBuilder text = new StringBuilder(HEADER).append('\n');
        check = "";
        List<String> contents = new ArrayList<>(entries.values().stream().map(Manifest::line).toList());
        if (isEnded) {
            contents.add(END + entries.size());
        }
        for (String content : contents) {
            String line = checked(content, check);
            text.append(line).append('\n');
            check = line.substring(line.length() - DIGITS);
        }
        WholeFile.writeText(path, text.toString());
        isOpen = !isEnded;
        isWhole = isEnded;
    }

    /** Holds files against their lines, on all cores. */
    List<Damage> verify(Collection<StoredEpisode> which, Progress progress) {
        List<StoredEpisode> all = List.copyOf(which);
        List<Damage> found = new ArrayList<>();
        progress.start("Checking episodes", all.size(), "episodes");
        for (int from = 0; from < all.size(); from += AT_ONCE) {
            StoppedException.throwIfInterrupted("Checking episodes");
            List<StoredEpisode> some = all.subList(from, Math.min(from + AT_ONCE, all.size()));
            found.addAll(some.parallelStream().map(this::verify).filter(Objects::nonNull).toList());
            progress.at(from + some.size(), "");
        }
        progress.done(found.isEmpty() ? "all as recorded" : found.size() + " damaged");
        return found;
    }

    private Damage verify(StoredEpisode entry) {
        Path file = folder.resolve(entry.file());
        if (!Files.exists(file)) {
            return new Damage(entry, Damage.Kind.MISSING);
        }
        long bytes = file.toFile().length();
        if (bytes < entry.bytes()) {
            return new Damage(entry, Damage.Kind.TRUNCATED);
        }
        return bytes == entry.bytes() && WholeFile.sha256(file).equals(entry.sha256()) ? null : new Damage(entry, Damage.Kind.ALTERED);
    }
}
