package worldmodels.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * An array for an {@code .npz} file that grows along its first dimension and is compressed as it grows, so that an episode being recorded
 * takes the memory of its compressed frames only, and its compression is spread over the threads that step.
 *
 * <p>numpy's header comes first but names the length, which is known last. So the header becomes a stored block of its own in front of
 * the compressed elements, and its checksum is combined with theirs.
 */
final class GrowingArray implements AutoCloseable {

    /** A finished array as an entry of a zip archive needs it. */
    record Compressed(byte[] header, byte[] body, int crc, long size) {

        /** The stored block that holds the header: not the last block, length, its complement. */
        byte[] headerBlock() {
            return ByteBuffer.allocate(5 + header.length).order(ByteOrder.LITTLE_ENDIAN)
                    .put((byte) 0).putShort((short) header.length).putShort((short) ~header.length).put(header).array();
        }

        long compressedSize() {
            return 5L + header.length + body.length;
        }
    }

    /** A CarRacing frame takes 1.2 kB and 40 microseconds; level 6 would save a third of the bytes and take three times as long. */
    private static final int LEVEL = 1;

    private final Npy.Type type;
    private final int[] itemShape;
    private final Deflater deflater = new Deflater(LEVEL, true);
    private final CRC32 crc = new CRC32();
    private final ByteBuffer numbers;
    private byte[] body = new byte[1 << 12];
    private int bodyLength;
    private int length;

    /** @param itemShape shape of one item; none for a single number */
    GrowingArray(Npy.Type type, int... itemShape) {
        this.type = type;
        this.itemShape = itemShape.clone();
        this.numbers = ByteBuffer.allocate(Npy.size(itemShape) * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Appends one or more whole items, from position to limit, which stay where they are. */
    void append(ByteBuffer items) {
        length += items.remaining() / numbers.capacity();
        crc.update(items.duplicate());
        deflater.setInput(items.duplicate());
        while (!deflater.needsInput()) {
            deflate();
        }
    }

    /** Appends one item of float32 or float16 numbers. */
    void append(double... item) {
        numbers.clear();
        for (double value : item) {
            put((float) value);
        }
        append(numbers.flip());
    }

    /** Appends items of float32 or float16 numbers, all of one array. */
    void append(float[] values) {
        int perItem = numbers.capacity() / type.bytes();
        for (int i = 0; i < values.length; i += perItem) {
            numbers.clear();
            for (int j = 0; j < perItem; j++) {
                put(values[i + j]);
            }
            append(numbers.flip());
        }
    }

    private void put(float value) {
        if (type == Npy.Type.FLOAT16) {
            numbers.putShort(Float.floatToFloat16(value));
        } else {
            numbers.putFloat(value);
        }
    }

    void append(boolean item) {
        append(numbers.clear().put((byte) (item ? 1 : 0)).flip());
    }

    private void deflate() {
        if (body.length - bodyLength < 1 << 11) {
            body = Arrays.copyOf(body, body.length + (body.length >> 1) + (1 << 12));
        }
        bodyLength += deflater.deflate(body, bodyLength, body.length - bodyLength);
    }

    /** Ends the array; nothing can be appended after. */
    Compressed finish() {
        deflater.finish();
        while (!deflater.finished()) {
            deflate();
        }
        long bodySize = deflater.getBytesRead();
        deflater.end();
        int[] shape = new int[itemShape.length + 1];
        shape[0] = length;
        System.arraycopy(itemShape, 0, shape, 1, itemShape.length);
        byte[] header = Npy.header(type, shape);
        CRC32 headerCrc = new CRC32();
        headerCrc.update(header);
        int combined = ChecksumAlgebra.concatenated((int) headerCrc.getValue(), (int) crc.getValue(), bodySize);
        return new Compressed(header, Arrays.copyOf(body, bodyLength), combined, header.length + bodySize);
    }

    /** Gives up an array that will not be finished. */
    @Override
    public void close() {
        deflater.end();
    }
}
