package worldmodels.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Predicate;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * numpy's {@code .npz}: a zip archive of named {@code .npy} arrays, the same bytes for the same arrays (all entries are dated 1980-01-01).
 * Written here instead of with DJL's NDList because arrays are compressed as they grow and are read without native memory, and because
 * batches are made from them at many thousand frames per second.
 */
final class Npz {

    private static final int LOCAL = 0x04034b50;
    private static final int CENTRAL = 0x02014b50;
    private static final int END = 0x06054b50;
    private static final short VERSION = 20;
    private static final short DEFLATED = 8;
    private static final short MIDNIGHT = 0;
    private static final short FIRST_OF_1980 = 1 << 5 | 1;

    private Npz() {}

    /** @return the archive's bytes */
    static byte[] bytes(SequencedMap<String, GrowingArray.Compressed> arrays) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(
                1024 + (int) arrays.values().stream().mapToLong(GrowingArray.Compressed::compressedSize).sum());
        ByteArrayOutputStream central = new ByteArrayOutputStream();
        arrays.forEach((name, array) -> {
            byte[] file = (name + ".npy").getBytes(StandardCharsets.US_ASCII);
            int offset = out.size();
            out.writeBytes(little(30).putInt(LOCAL).put(facts(array, file)).array());
            out.writeBytes(file);
            out.writeBytes(array.headerBlock());
            out.writeBytes(array.body());
            // Comment length, disk, internal and external attributes are 0.
            central.writeBytes(little(46).putInt(CENTRAL).putShort(VERSION).put(facts(array, file)).position(42).putInt(offset).array());
            central.writeBytes(file);
        });
        int start = out.size();
        out.writeBytes(central.toByteArray());
        out.writeBytes(little(22).putInt(END).putInt(0).putShort((short) arrays.size()).putShort((short) arrays.size())
                .putInt(central.size()).putInt(start).array());
        return out.toByteArray();
    }

    /** What local and central headers share: version, flags, method, time, date, checksum, sizes, lengths of name and extra. */
    private static byte[] facts(GrowingArray.Compressed array, byte[] file) {
        return little(26).putShort(VERSION).putShort((short) 0).putShort(DEFLATED).putShort(MIDNIGHT).putShort(FIRST_OF_1980)
                .putInt(array.crc()).putInt(Math.toIntExact(array.compressedSize())).putInt(Math.toIntExact(array.size()))
                .putShort((short) file.length).putShort((short) 0).array();
    }

    private static ByteBuffer little(int capacity) {
        return ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Reads the arrays whose names are wanted, each held against its checksum.
     *
     * @param content what {@link #checksums} gave when the file was written; null if not known
     * @throws IOException with the reason if the file is no such archive, is damaged or holds something else
     */
    static Map<String, Npy> read(Path file, String content, Predicate<String> wanted) throws IOException {
        Map<String, Npy> arrays = new LinkedHashMap<>();
        StringBuilder checksums = new StringBuilder();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements();) {
                ZipEntry entry = entries.nextElement();
                checksums.append(HexFormat.of().toHexDigits((int) entry.getCrc()));
                String name = entry.getName().replaceFirst("\\.npy$", "");
                if (wanted.test(name)) {
                    arrays.put(name, readEntry(zip, entry));
                }
            }
        }
        if (content != null && !content.contentEquals(checksums)) {
            throw new IOException("its content is not what was recorded");
        }
        return arrays;
    }

    private static Npy readEntry(ZipFile zip, ZipEntry entry) throws IOException {
        try (CheckedInputStream in = new CheckedInputStream(zip.getInputStream(entry), new CRC32())) {
            Npy array = Npy.read(in);
            if (in.read() >= 0 || in.getChecksum().getValue() != entry.getCrc()) {
                throw new IOException("its checksum is wrong");
            }
            return array;
        }
    }

    /** The arrays' CRC-32 in a row, eight hexadecimal digits each. */
    static String checksums(SequencedMap<String, GrowingArray.Compressed> arrays) {
        StringBuilder all = new StringBuilder();
        arrays.values().forEach(array -> all.append(HexFormat.of().toHexDigits(array.crc())));
        return all.toString();
    }
}
