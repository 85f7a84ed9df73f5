package worldmodels.random;

import java.math.BigInteger;
import worldmodels.run.KitException;

/**
 * numpy's {@code SeedSequence}: spreads the bits of any entropy over a pool of four 32-bit words (M. O'Neill's {@code seed_seq_fe}), from
 * which generators take their initial state. Similar seeds give unrelated states.
 */
public final class SeedSequence {

    private static final int POOL = 4;
    private static final int INIT_A = 0x43b0d7e5;
    private static final int MULT_A = 0x931e8875;
    private static final int INIT_B = 0x8b51f9dd;
    private static final int MULT_B = 0x58f38ded;
    private static final int MIX_LEFT = 0xca01f9dd;
    private static final int MIX_RIGHT = 0x4973f715;

    private final int[] pool = new int[POOL];
    private int hash = INIT_A;

    private SeedSequence(int[] entropy) {
        for (int i = 0; i < POOL; i++) {
            pool[i] = hashed(i < entropy.length ? entropy[i] : 0);
        }
        for (int from = 0; from < POOL; from++) {
            for (int to = 0; to < POOL; to++) {
                if (from != to) {
                    pool[to] = mixed(pool[to], hashed(pool[from]));
                }
            }
        }
        for (int from = POOL; from < entropy.length; from++) {
            for (int to = 0; to < POOL; to++) {
                pool[to] = mixed(pool[to], hashed(entropy[from]));
            }
        }
    }

    /**
     * @param seed 0 or greater, as numpy asks
     * @throws KitException if the seed is negative
     */
    public static SeedSequence of(long seed) {
        return of(BigInteger.valueOf(seed));
    }

    /** Of a seed of any size. */
    public static SeedSequence of(BigInteger seed) {
        return new SeedSequence(words(seed));
    }

    /** Several words of entropy, which may be of any value. */
    public static SeedSequence of(int... words) {
        return new SeedSequence(words);
    }

    /** The seed's 32-bit words, least significant first, at least one. */
    static int[] words(BigInteger seed) {
        if (seed.signum() < 0) {
            throw new KitException("The seed " + seed + " is negative; use 0 or a positive whole number.");
        }
        int[] words = new int[Math.max(1, (seed.bitLength() + 31) / 32)];
        for (int i = 0; i < words.length; i++) {
            words[i] = seed.shiftRight(32 * i).intValue();
        }
        return words;
    }

    /** @return {@code count} words of state, numpy's {@code generate_state(count)} */
    public int[] state32(int count) {
        int[] state = new int[count];
        int hashB = INIT_B;
        for (int i = 0; i < count; i++) {
            int word = pool[i % POOL] ^ hashB;
            hashB *= MULT_B;
            word *= hashB;
            state[i] = word ^ (word >>> 16);
        }
        return state;
    }

    /** @return {@code count} words of state, numpy's {@code generate_state(count, uint64)}: pairs of 32-bit words, low one first */
    public long[] state64(int count) {
        int[] halves = state32(2 * count);
        long[] state = new long[count];
        for (int i = 0; i < count; i++) {
            state[i] = Integer.toUnsignedLong(halves[2 * i]) | (long) halves[2 * i + 1] << 32;
        }
        return state;
    }

    private int hashed(int value) {
        value ^= hash;
        hash *= MULT_A;
        value *= hash;
        return value ^ (value >>> 16);
    }

    private static int mixed(int x, int y) {
        int result = MIX_LEFT * x - MIX_RIGHT * y;
        return result ^ (result >>> 16);
    }
}
