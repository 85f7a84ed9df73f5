package worldmodels.env.carracing;

import java.util.Arrays;

/**
 * The 1000 x 800 picture that shrinks to 96 x 96 pixels, one strip of 100 rows at a time so that it stays in the processor's cache; 100
 * rows are exactly 12 output rows. Pixels hold an index into the colours of this picture. Beside them, each row
 * keeps one bit per output column: whether the row changes colour inside that column. Shrinking then looks at single pixels only where
 * a bit is set; between set bits the colour cannot change, because neighbouring columns share a pixel.
 *
 * <p>y counts upwards from the bottom row, as pygame's surface does before it is flipped.
 */
final class Canvas {

    static final int WIDTH = 1000;
    static final int HEIGHT = 800;
    static final int SIDE = 96;
    /** Rows of one strip. */
    static final int STRIP = 100;

    private static final int FLAT_COLOURS = 64;
    private static final AreaAverage ACROSS = new AreaAverage(WIDTH, SIDE);
    private static final AreaAverage DOWN = new AreaAverage(HEIGHT, SIDE);
    /** The column inside which pixels x-1 and x both lie. */
    private static final int[] COLUMN = new int[WIDTH + 1];
    /** Bits of the columns before column c, columns 0 to 63 and the others. */
    private static final long[] BEFORE_LOW = new long[SIDE + 1];
    private static final long[] BEFORE_HIGH = new long[SIDE + 1];
    /** Bits of the columns that change when pixel x alone does. */
    private static final long[] AROUND_LOW = new long[WIDTH];
    private static final long[] AROUND_HIGH = new long[WIDTH];

    static {
        COLUMN[0] = -1;
        for (int x = 1, c = 0; x < WIDTH; x++) {
            if (c < SIDE - 1 && x > ACROSS.last[c]) {
                c++;
            }
            COLUMN[x] = c;
        }
        COLUMN[WIDTH] = SIDE;
        for (int c = 1; c <= SIDE; c++) {
            BEFORE_LOW[c] = c >= 64 ? -1 : (1L << c) - 1;
            BEFORE_HIGH[c] = c <= 64 ? 0 : (1L << c - 64) - 1;
        }
        for (int x = 0; x < WIDTH; x++) {
            int from = Math.max(COLUMN[x], 0);
            int to = Math.min(COLUMN[x + 1], SIDE - 1) + 1;
            AROUND_LOW[x] = BEFORE_LOW[to] & ~BEFORE_LOW[from];
            AROUND_HIGH[x] = BEFORE_HIGH[to] & ~BEFORE_HIGH[from];
        }
    }

    private final char[] pixels = new char[WIDTH * STRIP];
    private final long[] changesLow = new long[STRIP];
    private final long[] changesHigh = new long[STRIP];
    /** The strip's lowest row. */
    private int bottom;

    /** Colours by index: the flat ones stay, the blended ones are of this strip. */
    private final long[] colours = new long[1 << 16];
    private final long[] shrunkAcross = new long[FLAT_COLOURS];
    private final byte[][] shrunkRow = new byte[FLAT_COLOURS][];
    private final int[] flat = new int[FLAT_COLOURS];
    private int flats;
    private int blends;

    /** Index of a flat colour 0xRRGGBB. */
    char colour(int rgb) {
        for (int i = 0; i < flats; i++) {
            if (flat[i] == rgb) {
                return (char) i;
            }
        }
        return added(rgb);
    }

    private char added(int rgb) {
        if (flats == FLAT_COLOURS) {
            throw new IllegalStateException("More than " + FLAT_COLOURS + " flat colours in one picture.");
        }
        long colour = AreaAverage.colour(rgb);
        flat[flats] = rgb;
        colours[flats] = colour;
        shrunkAcross[flats] = ACROSS.flat(colour);
        byte[] row = new byte[SIDE * 3];
        for (int c = 0; c < SIDE; c++) {
            write(DOWN.flat(shrunkAcross[flats]), row, 3 * c);
        }
        shrunkRow[flats] = row;
        return (char) flats++;
    }

    /** Starts the strip whose lowest row is {@code newBottom}, a multiple of 100. */
    void start(int newBottom, char colour) {
        bottom = newBottom;
        Arrays.fill(pixels, colour);
        Arrays.fill(changesLow, 0);
        Arrays.fill(changesHigh, 0);
        blends = FLAT_COLOURS;
    }

    /** The strip's lowest row. */
    int bottom() {
        return bottom;
    }

    /** The strip's highest row. */
    int top() {
        return bottom + STRIP - 1;
    }

    /** Paints pixels a to b, both included, of row y; what lies outside is left out. */
    void span(int y, int a, int b, char colour) {
        int row = bottom + STRIP - 1 - y;
        if (row < 0 || row >= STRIP || b < 0 || a >= WIDTH) {
            return;
        }
        int from = Math.max(a, 0);
        int to = Math.min(b, WIDTH - 1) + 1;
        int base = row * WIDTH;
        Arrays.fill(pixels, base + from, base + to, colour);
        int left = COLUMN[from];
        int right = COLUMN[to];
        long low = changesLow[row];
        long high = changesHigh[row];
        if (left < right) {
            low &= ~(BEFORE_LOW[right] & ~BEFORE_LOW[left + 1]);
            high &= ~(BEFORE_HIGH[right] & ~BEFORE_HIGH[left + 1]);
        }
        if (from > 0 && pixels[base + from - 1] != colour) {
            low |= BEFORE_LOW[left + 1] & ~BEFORE_LOW[left];
            high |= BEFORE_HIGH[left + 1] & ~BEFORE_HIGH[left];
        }
        if (to < WIDTH && pixels[base + to] != colour) {
            low |= BEFORE_LOW[right + 1] & ~BEFORE_LOW[right];
            high |= BEFORE_HIGH[right + 1] & ~BEFORE_HIGH[right];
        }
        changesLow[row] = low;
        changesHigh[row] = high;
    }

    /** Moves one pixel towards a flat colour by {@code alpha} / 256, cut off downwards. */
    void blend(int x, int y, char colour, int alpha) {
        int row = bottom + STRIP - 1 - y;
        if (alpha == 0 || x < 0 || x >= WIDTH || row < 0 || row >= STRIP) {
            return;
        }
        int at = row * WIDTH + x;
        char under = pixels[at];
        if (under == colour) {
            return;
        }
        // Should a picture ever hold more blended pixels than there are indices, the last ones share an index.
        char index = (char) blends;
        blends = Math.min(blends + 1, colours.length - 1);
        colours[index] = AreaAverage.blend(colours[under], colours[colour], alpha);
        pixels[at] = index;
        changesLow[row] |= AROUND_LOW[x];
        changesHigh[row] |= AROUND_HIGH[x];
    }

    /** Shrinks the strip into its rows of a 96 x 96 x 3 picture, top row first. */
    void shrink(byte[] frame) {
        int offset = HEIGHT - STRIP - bottom;
        int from = offset * SIDE / HEIGHT;
        for (int k = from; k < from + STRIP * SIDE / HEIGHT; k++) {
            // The row above the strip has a weight so small that its share is cut off to nothing.
            int top = Math.max(DOWN.first[k] - offset, 0);
            int last = DOWN.last[k] - offset;
            long low = 0;
            long high = 0;
            for (int row = top; row <= last; row++) {
                low |= changesLow[row];
                high |= changesHigh[row];
            }
            int c = 0;
            while (c < SIDE) {
                int next = nextChange(low, high, c);
                if (next > c) {
                    flatRun(k, top, last, c, next, frame);
                }
                c = next;
                if (c < SIDE) {
                    write(cell(k, offset, c), frame, (k * SIDE + c) * 3);
                    c++;
                }
            }
        }
    }

    private static int nextChange(long low, long high, int from) {
        if (from < 64) {
            long rest = low >>> from;
            if (rest != 0) {
                return from + Long.numberOfTrailingZeros(rest);
            }
            return high == 0 ? SIDE : 64 + Long.numberOfTrailingZeros(high);
        }
        long rest = high >>> from - 64;
        return rest == 0 ? SIDE : from + Long.numberOfTrailingZeros(rest);
    }

    /** Columns c to {@code end} of output row k, where each row from {@code top} to {@code last} has one colour throughout. */
    private void flatRun(int k, int top, int last, int c, int end, byte[] frame) {
        int at = top * WIDTH + ACROSS.whole[c];
        char colour = pixels[at];
        for (int row = top + 1; row <= last; row++) {
            at += WIDTH;
            if (pixels[at] != colour) {
                long value = cell(k, HEIGHT - STRIP - bottom, c);
                for (int i = c; i < end; i++) {
                    write(value, frame, (k * SIDE + i) * 3);
                }
                return;
            }
        }
        System.arraycopy(shrunkRow[colour], 0, frame, (k * SIDE + c) * 3, (end - c) * 3);
    }

    /** Output pixel (k, c) of the strip that begins {@code offset} rows from the top: rows shrunk across, then those shrunk down. */
    private long cell(int k, int offset, int c) {
        int from = DOWN.whole[k] - offset;
        int to = DOWN.last[k] - offset;
        int first = DOWN.first[k] - offset;
        long sum = AreaAverage.share(across(to, c), DOWN.lastWeight[k]);
        if (first >= 0 && first < from) {
            sum += AreaAverage.share(across(first, c), DOWN.firstWeight[k]);
        }
        for (int row = from; row < to; row++) {
            sum += across(row, c);
        }
        return DOWN.average(sum);
    }

    private long across(int row, int c) {
        int base = row * WIDTH;
        int from = base + ACROSS.whole[c];
        if (((c < 64 ? changesLow[row] : changesHigh[row]) >>> c & 1) == 0) {
            return shrunkAcross[pixels[from]];
        }
        int to = base + ACROSS.last[c];
        char[] p = pixels;
        long[] table = colours;
        // Each column has nine or ten whole pixels; written out, since a loop as short as this costs more than its sums.
        long sum = table[p[from]] + table[p[from + 1]] + table[p[from + 2]] + table[p[from + 3]] + table[p[from + 4]]
                + table[p[from + 5]] + table[p[from + 6]] + table[p[from + 7]] + table[p[from + 8]];
        if (to - from == 10) {
            sum += table[p[from + 9]];
        }
        sum += AreaAverage.share(table[p[base + ACROSS.first[c]]], ACROSS.firstWeight[c])
                + AreaAverage.share(table[p[to]], ACROSS.lastWeight[c]);
        return ACROSS.average(sum);
    }

    private static void write(long colour, byte[] target, int at) {
        target[at] = (byte) AreaAverage.red(colour);
        target[at + 1] = (byte) AreaAverage.green(colour);
        target[at + 2] = (byte) AreaAverage.blue(colour);
    }
}
