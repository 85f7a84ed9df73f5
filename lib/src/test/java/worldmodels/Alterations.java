package worldmodels;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import worldmodels.run.KitException;

/**
 * Alters files, one thing at a time, and looks at what comes of reading them: an altered file is to be named in a sentence, or to give the value that it
 * gave before.
 */
final class Alterations {

    /** What happens to files: disks and transfers do most of it, editors the rest. */
    private enum Kind { FLIP, FLIP_AT_START, FLIP_AT_END, ZEROS, CUT, CUT_AT_END, APPENDED, DIGIT, LINE_MISSING, LINE_TWICE, BYTES_MISSING, EMPTY }

    /** How many alterations of one sort of file were named, and how many changed nothing that is read. */
    private static final class Count {
        int named;
        int harmless;
    }

    private final Random random;
    private final Map<String, Count> counts = new TreeMap<>();
    private final StringBuilder failures = new StringBuilder();

    Alterations(long seed) {
        random = new Random(seed);
    }

    /**
     * Alters a file in every way, some times each, and puts it back.
     *
     * @param sort  what the file is called in the summary
     * @param times per kind of alteration
     * @param read  what the kit makes of the file, as text that differs when any value does
     */
    void of(String sort, Path file, int times, Callable<String> read) throws Exception {
        byte[] whole = Files.readAllBytes(file);
        String value = read.call();
        for (Kind kind : Kind.values()) {
            for (int i = 0; i < times; i++) {
                byte[] altered = altered(kind, whole);
                if (!Arrays.equals(whole, altered)) {
                    Files.write(file, altered);
                    judge(sort, file, kind, value, read);
                }
            }
        }
        Files.write(file, whole);
        if (!read.call().equals(value)) {
            failures.append(sort).append(": not as before once the file is back\n");
        }
    }

    private void judge(String sort, Path file, Kind kind, String value, Callable<String> read) {
        Count count = counts.computeIfAbsent(sort, unused -> new Count());
        try {
            if (read.call().equals(value)) {
                count.harmless++;
            } else {
                failures.append(sort).append(": ").append(kind).append(" is SILENT\n");
            }
        } catch (KitException e) {
            count.named++;
            if (!e.getMessage().contains(file.getFileName().toString())) {
                failures.append(sort).append(": ").append(kind).append(" is not named: ").append(e.getMessage()).append('\n');
            }
        } catch (Exception | Error e) {
            failures.append(sort).append(": ").append(kind).append(" is RAW: ").append(e).append(" at ").append(e.getStackTrace()[0]).append('\n');
        }
    }

    private byte[] altered(Kind kind, byte[] whole) {
        byte[] bytes = whole.clone();
        return switch (kind) {
            case FLIP -> flipped(bytes, random.nextInt(bytes.length));
            case FLIP_AT_START -> flipped(bytes, random.nextInt(Math.min(100, bytes.length)));
            case FLIP_AT_END -> flipped(bytes, bytes.length - 1 - random.nextInt(Math.min(100, bytes.length)));
            case ZEROS -> {
                int from = random.nextInt(bytes.length);
                Arrays.fill(bytes, from, Math.min(bytes.length, from + 1 + random.nextInt(64)), (byte) 0);
                yield bytes;
            }
            case CUT -> Arrays.copyOf(bytes, random.nextInt(bytes.length));
            case CUT_AT_END -> Arrays.copyOf(bytes, Math.max(0, bytes.length - 1 - random.nextInt(16)));
            case APPENDED -> joined(bytes, random.nextBoolean() ? new byte[1 + random.nextInt(32)] : "\n1,2,3\n".getBytes(StandardCharsets.UTF_8));
            case DIGIT -> digit(bytes);
            case LINE_MISSING -> {
                int[] line = line(bytes);
                yield joined(Arrays.copyOf(bytes, line[0]), Arrays.copyOfRange(bytes, line[1], bytes.length));
            }
            case LINE_TWICE -> {
                int[] line = line(bytes);
                yield joined(Arrays.copyOf(bytes, line[1]), Arrays.copyOfRange(bytes, line[0], bytes.length));
            }
            case BYTES_MISSING -> {
                int from = random.nextInt(bytes.length);
                yield joined(Arrays.copyOf(bytes, from), Arrays.copyOfRange(bytes, Math.min(bytes.length, from + 1 + random.nextInt(16)), bytes.length));
            }
            case EMPTY -> new byte[0];
        };
    }

    private byte[] flipped(byte[] bytes, int at) {
        bytes[at] ^= (byte) (1 << random.nextInt(8));
        return bytes;
    }

    /** Another digit in place of the first one from somewhere on. */
    private byte[] digit(byte[] bytes) {
        int start = random.nextInt(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            int at = (start + i) % bytes.length;
            if (bytes[at] >= '0' && bytes[at] <= '9') {
                bytes[at] = (byte) ('0' + (bytes[at] - '0' + 1 + random.nextInt(9)) % 10);
                return bytes;
            }
        }
        return bytes;
    }

    /** Begin and end of a line; in a file without text, of what lies between two bytes that look like a line's end. */
    private int[] line(byte[] bytes) {
        int from = random.nextInt(bytes.length);
        int to = from;
        while (from > 0 && bytes[from - 1] != '\n') {
            from--;
        }
        while (to < bytes.length && bytes[to++] != '\n') {
            // To its end.
        }
        return new int[] {from, to};
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    /** What was silent, raw or not named; empty if nothing was. */
    String failures() {
        return failures.toString();
    }

    int total() {
        return counts.values().stream().mapToInt(count -> count.named + count.harmless).sum();
    }

    /** Of each sort of file, how many alterations changed nothing that is read. */
    Map<String, Integer> harmless() {
        Map<String, Integer> harmless = new TreeMap<>();
        counts.forEach((sort, count) -> {
            if (count.harmless > 0) {
                harmless.put(sort, count.harmless);
            }
        });
        return harmless;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        counts.forEach((sort, count) -> text.append(String.format("%-40s %3d named, %2d harmless%n", sort, count.named, count.harmless)));
        return text.append(total()).append(" alterations in all").toString();
    }
}
