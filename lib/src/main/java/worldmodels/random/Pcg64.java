package worldmodels.random;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import worldmodels.run.KitException;
import worldmodels.run.WholeFile;

/**
 * numpy's {@code Generator(PCG64)}: the permuted congruential generator with 128 bits of state and the XSL-RR output (M. O'Neill, 2014),
 * and numpy's ways to turn its bits into numbers, draw for draw. Not safe for use by several threads at once; give each its own stream.
 */
public final class Pcg64 {

    private static final long MULTIPLIER_HIGH = 0x2360ED051FC65DA4L;
    private static final long MULTIPLIER_LOW = 0x4385DF649FCCF645L;
    private static final double DOUBLE_UNIT = 0x1p-53;
    private static final long MASK_32 = 0xFFFFFFFFL;
    private static final int STATE_BYTES = 4 * Long.BYTES + 1 + Integer.BYTES;

    private long stateHigh;
    private long stateLow;
    private final long incrementHigh;
    private final long incrementLow;

    // A 32-bit draw takes the low half of a word and keeps the high half for the next 32-bit draw.
    private boolean halfKept;
    private int keptHalf;

    private Pcg64(long stateHigh, long stateLow, long incrementHigh, long incrementLow) {
        this.stateHigh = stateHigh;
        this.stateLow = stateLow;
        this.incrementHigh = incrementHigh;
        this.incrementLow = incrementLow;
    }

    /** The generator that numpy's {@code default_rng(seed)} gives; seeds are 0 or greater. */
    public static Pcg64 seeded(long seed) {
        return seeded(SeedSequence.of(seed));
    }

    public static Pcg64 seeded(SeedSequence seeds) {
        long[] words = seeds.state64(4);
        Pcg64 random = new Pcg64(0, 0, words[2] << 1 | words[3] >>> 63, words[3] << 1 | 1);
        random.advance();
        random.stateLow += words[1];
        random.stateHigh += words[0] + (Long.compareUnsigned(random.stateLow, words[1]) < 0 ? 1 : 0);
        random.advance();
        return random;
    }

    /**
     * A named substream of a root seed, unrelated to every other name's: its entropy is the seed followed by the SHA-256 of the name.
     * Adding a new named stream to a program changes no existing one.
     */
    public static Pcg64 stream(long rootSeed, String name) {
        int[] seed = SeedSequence.words(BigInteger.valueOf(rootSeed));
        ByteBuffer digest = ByteBuffer.wrap(HexFormat.of().parseHex(WholeFile.sha256OfText(name)));
        int[] entropy = Arrays.copyOf(seed, 2 + digest.capacity() / Integer.BYTES);
        for (int i = 2; i < entropy.length; i++) {
            entropy[i] = digest.getInt();
        }
        return seeded(SeedSequence.of(entropy));
    }

    /** @return 64 random bits */
    public long nextLong() {
        advance();
        return Long.rotateRight(stateHigh ^ stateLow, (int) (stateHigh >>> 58));
    }

    /** @return 32 random bits; every second call uses the kept half of the word before */
    public int nextInt() {
        if (halfKept) {
            halfKept = false;
            return keptHalf;
        }
        long word = nextLong();
        halfKept = true;
        keptHalf = (int) (word >>> 32);
        return (int) word;
    }

    /** @return uniform in [0, 1), a multiple of 2^-53 */
    public double nextDouble() {
        return (nextLong() >>> 11) * DOUBLE_UNIT;
    }

    /** @return uniform in [low, high) */
    public double uniform(double low, double high) {
        return low + (high - low) * nextDouble();
    }

    /** Fills an array with uniform numbers in [0, 1), numpy's {@code random(n)}. */
    public void random(double[] target) {
        for (int i = 0; i < target.length; i++) {
            target[i] = nextDouble();
        }
    }

    /** @return a whole number in [0, bound) without bias */
    public int integers(int bound) {
        return (int) integers(0, bound);
    }

    /**
     * A whole number in [low, high) without bias (D. Lemire, 2019): from 32-bit draws where the range fits, else from 64-bit ones.
     *
     * @throws KitException if high is not above low
     */
    public long integers(long low, long high) {
        if (low >= high) {
            throw new KitException("No whole number lies in [" + low + ", " + high + "); the upper bound must be above the lower one.");
        }
        return low + upTo(high - 1 - low);
    }

    /** Uniform on 0..last, last taken as unsigned. */
    private long upTo(long last) {
        if (last == 0) {
            return 0;
        }
        if (Long.compareUnsigned(last, MASK_32) < 0) {
            return bounded32(last + 1);
        }
        if (last == MASK_32) {
            return Integer.toUnsignedLong(nextInt());
        }
        return last == -1L ? nextLong() : bounded64(last + 1);
    }

    private long bounded32(long bound) {
        long product = Integer.toUnsignedLong(nextInt()) * bound;
        if ((product & MASK_32) < bound) {
            long threshold = (MASK_32 - (bound - 1)) % bound;
            while ((product & MASK_32) < threshold) {
                product = Integer.toUnsignedLong(nextInt()) * bound;
            }
        }
        return product >>> 32;
    }

    private long bounded64(long bound) {
        long draw = nextLong();
        if (Long.compareUnsigned(draw * bound, bound) < 0) {
            long threshold = Long.remainderUnsigned(-bound, bound);
            while (Long.compareUnsigned(draw * bound, threshold) < 0) {
                draw = nextLong();
            }
        }
        return Math.unsignedMultiplyHigh(draw, bound);
    }

    /** Uniform on 0..last by refusing what is too large, which is what numpy's shuffle does. */
    private int masked(int last) {
        int mask = -1 >>> Integer.numberOfLeadingZeros(last);
        int value = nextInt() & mask;
        while (value > last) {
            value = nextInt() & mask;
        }
        return value;
    }

    /** @return a draw from N(0, 1) */
    public double standardNormal() {
        return Ziggurat.normal(this);
    }

    /** Fills an array with draws from N(0, 1). */
    public void standardNormal(double[] target) {
        for (int i = 0; i < target.length; i++) {
            target[i] = standardNormal();
        }
    }

    /** Puts an array into random order (numpy's {@code shuffle}). */
    public void shuffle(int[] values) {
        for (int i = values.length - 1; i > 0; i--) {
            int j = masked(i);
            int value = values[i];
            values[i] = values[j];
            values[j] = value;
        }
    }

    /** @return 0..count-1 in random order (numpy's {@code permutation(count)}) */
    public int[] permutation(int count) {
        int[] order = new int[count];
        Arrays.setAll(order, i -> i);
        shuffle(order);
        return order;
    }

    /** @return everything that the next draws depend on, 37 bytes */
    public byte[] state() {
        return ByteBuffer.allocate(STATE_BYTES)
                .putLong(stateHigh).putLong(stateLow).putLong(incrementHigh).putLong(incrementLow)
                .put((byte) (halfKept ? 1 : 0)).putInt(halfKept ? keptHalf : 0)
                .array();
    }

    /**
     * @param state what {@link #state} gave; the new generator's draws are those that followed
     * @throws KitException if it is not such a state
     */
    public static Pcg64 fromState(byte[] state) {
        if (state.length != STATE_BYTES) {
            throw new KitException("A saved random state has " + STATE_BYTES + " bytes, this one " + state.length
                    + "; the file it came from is damaged or of another kind, restore or remove it.");
        }
        ByteBuffer in = ByteBuffer.wrap(state);
        Pcg64 random = new Pcg64(in.getLong(), in.getLong(), in.getLong(), in.getLong());
        random.halfKept = in.get() != 0;
        random.keptHalf = in.getInt();
        return random;
    }

    /** state = state * multiplier + increment, modulo 2^128. */
    private void advance() {
        long high = Math.unsignedMultiplyHigh(stateLow, MULTIPLIER_LOW) + stateHigh * MULTIPLIER_LOW + stateLow * MULTIPLIER_HIGH;
        long low = stateLow * MULTIPLIER_LOW + incrementLow;
        stateHigh = high + incrementHigh + (Long.compareUnsigned(low, incrementLow) < 0 ? 1 : 0);
        stateLow = low;
    }
}
