package worldmodels.evaluation;

import java.util.stream.LongStream;
import worldmodels.env.Environment;
import worldmodels.env.Wrapper;
import worldmodels.evolution.Evolution;
import worldmodels.random.Pcg64;
import worldmodels.run.KitException;

/**
 * Which environment seeds serve which purpose. Each purpose owns a range of a billion seeds, so that no track of the final evaluation has
 * been seen by V, M, training or selection, whatever the settings.
 */
public enum TrackSeeds {

    /** Episodes that V and M learn from, and their validation. */
    ROLLOUT(0),

    /** Tracks of the generations. */
    TRAIN(1),

    /** Tracks on which distribution means are compared. */
    SELECT(2),

    /** Tracks of the final evaluation: the same for every run, so that rows compare. */
    TEST(3);

    private static final long RANGE = 1_000_000_000L;
    private static final long OF_A_CHAIN = 1_000_000;

    private final long first;

    TrackSeeds(int place) {
        first = place * RANGE;
    }

    /** The purpose's first {@code count} seeds. */
    public long[] first(int count) {
        return LongStream.range(0, count).map(i -> first + i).toArray();
    }

    /**
     * Seeds of one chain's own: chains whose seeds lie less than a thousand apart share none, and the first chain's are {@link #first the purpose's first}.
     *
     * @param chain its training seed
     * @param from  how many of its own to leave out
     */
    public long[] ofChain(long chain, long from, int count) {
        if (from < 0 || count < 0 || from + count > OF_A_CHAIN) {
            throw new KitException("A chain has " + OF_A_CHAIN + " " + this + " tracks, not " + (from + count) + "; record fewer episodes.");
        }
        long begin = Math.floorMod(chain - 1, RANGE / OF_A_CHAIN) * OF_A_CHAIN + from;
        return LongStream.range(begin, begin + count).map(this::seed).toArray();
    }

    /** The purpose's seed number i, from 0. */
    public long seed(long i) {
        if (i < 0 || i >= RANGE) {
            throw new KitException("There is no " + this + " track " + i + "; the numbers are 0 to " + (RANGE - 1) + ".");
        }
        return first + i;
    }

    /** Different seeds of this purpose in random order: a function of root seed and name. */
    public long[] drawn(long rootSeed, String name, int count) {
        Pcg64 random = Pcg64.stream(rootSeed, this + " tracks " + name);
        return LongStream.generate(() -> random.integers(first, first + RANGE)).distinct().limit(count).toArray();
    }

    /** An environment whose episodes all serve this purpose, whatever the seeds that it is reset with. */
    public Environment only(Environment environment) {
        return new Wrapper(environment) {
            @Override
            public void reset(long any) {
                super.reset(seed(Math.floorMod(any, RANGE)));
            }
        };
    }

    /** The purpose that owns a seed. */
    public static TrackSeeds of(long seed) {
        if (seed < 0 || seed >= values().length * RANGE) {
            throw new KitException("Seed " + seed + " belongs to no purpose; seeds are 0 to " + (values().length * RANGE - 1) + ".");
        }
        return values()[(int) (seed / RANGE)];
    }

    /** The tracks of a search: new ones for each generation, drawn by the root seed; the selection's always the same. */
    public static Evolution.Tracks forSearch(long rootSeed) {
        return new Evolution.Tracks() {
            @Override
            public long[] train(int generation, int count) {
                return TRAIN.drawn(rootSeed, "of generation " + generation, count);
            }

            @Override
            public long[] select(int count) {
                return SELECT.first(count);
            }
        };
    }
}
