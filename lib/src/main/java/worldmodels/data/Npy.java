package worldmodels.data;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One array of numpy's {@code .npy} format, version 1: little-endian, row-major.
 *
 * @param type  element type
 * @param shape dimensions
 * @param data  the elements' bytes
 */
public record Npy(Type type, int[] shape, byte[] data) {

    /** Element types with numpy's name for each. */
    public enum Type {
        UINT8("|u1", 1), BOOL("|b1", 1), FLOAT16("<f2", 2), FLOAT32("<f4", 4), FLOAT64("<f8", 8), INT32("<i4", 4), INT64("<i8", 8);

        private final String numpy;
        private final int bytes;

        Type(String numpy, int bytes) {
            this.numpy = numpy;
            this.bytes = bytes;
        }

        /** Bytes of one element. */
        public int bytes() {
            return bytes;
        }

        private static Type of(String numpy) throws IOException {
            for (Type type : values()) {
                if (type.numpy.equals(numpy)) {
                    return type;
                }
            }
            throw new IOException("element type " + numpy + " is none of " + Arrays.stream(values()).map(t -> t.numpy).toList());
        }
    }

    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final Pattern DESCRIPTION = Pattern.compile("'descr':\\s*'([^']*)'");
    private static final Pattern FORTRAN = Pattern.compile("'fortran_order':\\s*(True|False)");
    private static final Pattern SHAPE = Pattern.compile("'shape':\\s*\\(([^)]*)\\)");

    /** Number of elements. */
    public int size() {
        return size(shape);
    }

    static int size(int[] shape) {
        return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }

    /** The elements as floats (size), whatever their type but 64-bit integers. */
    public float[] floats() {
        ByteBuffer in = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (type) {
                case UINT8, BOOL -> in.get() & 0xFF;
                case FLOAT16 -> Float.float16ToFloat(in.getShort());
                case FLOAT32 -> in.getFloat();
                case FLOAT64 -> (float) in.getDouble();
                case INT32 -> in.getInt();
                case INT64 -> in.getLong();
            };
        }
        return values;
    }

    /** What comes before the elements: magic, version, and the description padded with spaces to a multiple of 64 bytes, as numpy does. */
    static byte[] header(Type type, int[] shape) {
        String dimensions = Arrays.stream(shape).mapToObj(Integer::toString).collect(Collectors.joining(", "));
        String tuple = "(" + dimensions + (shape.length == 1 ? ",)" : ")");
        String text = "{'descr': '" + type.numpy + "', 'fortran_order': False, 'shape': " + tuple + ", }";
        int start = MAGIC.length + 4;
        int length = (start + text.length() + 1 + 63) / 64 * 64 - start;
        return ByteBuffer.allocate(start + length).order(ByteOrder.LITTLE_ENDIAN)
                .put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) length)
                .put((text + " ".repeat(length - text.length() - 1) + "\n").getBytes(StandardCharsets.US_ASCII))
                .array();
    }

    /** Reads one array to its end. */
    static Npy read(InputStream source) throws IOException {
        DataInputStream in = new DataInputStream(source);
        byte[] magic = in.readNBytes(MAGIC.length);
        if (!Arrays.equals(magic, MAGIC)) {
            throw new IOException("it is not a numpy array");
        }
        int version = in.readUnsignedByte();
        in.readUnsignedByte();
        int length = version == 1 ? Short.toUnsignedInt(Short.reverseBytes(in.readShort())) : Integer.reverseBytes(in.readInt());
        if (version < 1 || version > 3 || length < 0 || length > 1 << 20) {
            throw new IOException("its numpy header is of unknown version " + version);
        }
        String text = new String(in.readNBytes(length), StandardCharsets.US_ASCII);
        if (!find(FORTRAN, text).equals("False")) {
            throw new IOException("it is in Fortran order; save it from numpy with np.ascontiguousarray");
        }
        Type type = Type.of(find(DESCRIPTION, text));
        int[] shape = Arrays.stream(find(SHAPE, text).split(","))
                .map(String::strip).filter(s -> !s.isEmpty()).mapToInt(Integer::parseInt).toArray();
        int bytes = Math.multiplyExact(size(shape), type.bytes);
        byte[] data = in.readNBytes(bytes);
        if (data.length < bytes) {
            throw new IOException("it ends after " + data.length + " of " + bytes + " bytes");
        }
        return new Npy(type, shape, data);
    }

    private static String find(Pattern pattern, String text) throws IOException {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new IOException("its numpy header is damaged");
        }
        return matcher.group(1);
    }
}
