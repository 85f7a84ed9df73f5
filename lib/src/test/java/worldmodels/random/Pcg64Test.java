package worldmodels.random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import worldmodels.Golden;
import worldmodels.run.KitException;

/** Against streams recorded from numpy 1.24 ({@code golden/carracing/pcg64.json}), all of them exactly. */
class Pcg64Test {

    private static List<JsonObject> recordedSeeds() throws IOException {
        try (BufferedReader in = Golden.read("carracing/pcg64.json")) {
            List<JsonObject> seeds = new ArrayList<>();
            JsonParser.parseReader(in).getAsJsonObject().getAsJsonArray("seeds").forEach(e -> seeds.add(e.getAsJsonObject()));
            return seeds;
        }
    }

    private static SeedSequence seeds(JsonObject recorded) {
        return SeedSequence.of(new BigInteger(recorded.get("seed").getAsString()));
    }

    private static void assertDraws(JsonObject recorded, String list, ToDoubleFunction<Pcg64> draw) {
        assertDraws(recorded.getAsJsonArray(list), Pcg64.seeded(seeds(recorded)), draw, recorded.get("seed") + " " + list);
    }

    private static void assertDraws(JsonArray expected, Pcg64 random, ToDoubleFunction<Pcg64> draw, String what) {
        for (JsonElement value : expected) {
            assertEquals(value.getAsDouble(), draw.applyAsDouble(random), 0, what);
        }
    }

    @Test
    void seedSequenceGivesNumpysWords() throws IOException {
        for (JsonObject recorded : recordedSeeds()) {
            int[] words = seeds(recorded).state32(8);
            JsonArray expected = recorded.getAsJsonArray("seedseq_generate_state_u32_8");
            for (int i = 0; i < 8; i++) {
                assertEquals(expected.get(i).getAsLong(), Integer.toUnsignedLong(words[i]));
            }
            long[] longs = seeds(recorded).state64(4);
            JsonArray expectedLongs = recorded.getAsJsonArray("seedseq_generate_state_u64_4");
            for (int i = 0; i < 4; i++) {
                assertEquals(expectedLongs.get(i).getAsString(), Long.toUnsignedString(longs[i]));
            }
        }
    }

    @Test
    void rawWordsEqualNumpys() throws IOException {
        for (JsonObject recorded : recordedSeeds()) {
            Pcg64 random = Pcg64.seeded(seeds(recorded));
            for (JsonElement word : recorded.getAsJsonArray("random_raw_u64_10")) {
                assertEquals(word.getAsString(), Long.toUnsignedString(random.nextLong()));
            }
        }
    }

    @Test
    void uniformsEqualNumpys() throws IOException {
        for (JsonObject recorded : recordedSeeds()) {
            assertDraws(recorded, "uniform_0_1", Pcg64::nextDouble);
            assertDraws(recorded, "random_array_20", Pcg64::nextDouble);
            assertDraws(recorded, "uniform_0_2pi_over_12", random -> random.uniform(0, 2 * Math.PI / 12));
        }
    }

    @Test
    void wholeNumbersEqualNumpys() throws IOException {
        for (JsonObject recorded : recordedSeeds()) {
            for (var entry : recorded.getAsJsonObject("integers").entrySet()) {
                long bound = Long.parseLong(entry.getKey());
                assertDraws(entry.getValue().getAsJsonArray(), Pcg64.seeded(seeds(recorded)), random -> random.integers(0, bound),
                        recorded.get("seed") + " integers " + bound);
            }
            JsonObject range = recorded.getAsJsonObject("integers_lo_hi");
            assertDraws(range.getAsJsonArray("v"), Pcg64.seeded(seeds(recorded)),
                    random -> random.integers(range.get("lo").getAsLong(), range.get("hi_exclusive").getAsLong()), "integers_lo_hi");
            assertDraws(recorded, "integers_array_10_20", random -> random.integers(10));
        }
    }

    @Test
    void normalsEqualNumpys() throws IOException {
        for (JsonObject recorded : recordedSeeds()) {
            assertDraws(recorded, "standard_normal", Pcg64::standardNormal);
        }
    }

    @Test
    void normalsStayEqualThroughRejectionsAndTail() {
        // default_rng(7).standard_normal(2_000_000) of numpy 2.4: extremes, their places, and the last value.
        Pcg64 random = Pcg64.seeded(7);
        double[] x = new double[2_000_000];
        random.standardNormal(x);
        int largest = 0;
        int smallest = 0;
        for (int i = 0; i < x.length; i++) {
            largest = x[i] > x[largest] ? i : largest;
            smallest = x[i] < x[smallest] ? i : smallest;
        }
        assertEquals(1_314_681, largest);
        assertEquals(1_507_899, smallest);
        assertEquals(5.5336016390169895, x[largest], Math.ulp(5.0));
        assertEquals(-4.788005798395359, x[smallest], Math.ulp(5.0));
        assertEquals(-0.43722195997503704, x[x.length - 1], 0);
    }

    @Test
    void mixedDrawsKeepTheHalfWord() throws IOException {
        for (JsonObject recorded : recordedSeeds()) {
            int[] turn = {0};
            assertDraws(recorded, "mixed_int10_u01_int1000_normal", random -> switch (turn[0]++ % 4) {
                case 0 -> random.integers(10);
                case 1 -> random.nextDouble();
                case 2 -> random.integers(1000);
                default -> random.standardNormal();
            });
        }
    }

    @Test
    void permutationsEqualNumpys() {
        Pcg64 random = Pcg64.seeded(42);
        assertArrayEquals(new int[] {5, 6, 0, 7, 3, 2, 4, 9, 1, 8}, random.permutation(10));
        int[] shuffled = {0, 1, 2, 3, 4, 5, 6};
        random.shuffle(shuffled);
        assertArrayEquals(new int[] {6, 5, 2, 4, 3, 0, 1}, shuffled);
        assertEquals(407_696_739_200L, random.integers(0, 1L << 40));
        assertEquals(1_351_157_810L, random.integers(-5, 3_000_000_000L));
        assertEquals(784_044_719L, random.integers(0, 1L << 32));
        assertEquals(4, random.integers(5));
        assertEquals(0.6438651200806645, random.nextDouble(), 0);
    }

    @Test
    void namedStreamsAreFixedAndUnrelated() {
        assertEquals(0.6194134844629647, Pcg64.stream(5, "policy").nextDouble(), 0);
        assertNotEquals(Pcg64.stream(5, "policy").nextLong(), Pcg64.stream(5, "tracks").nextLong());
        assertNotEquals(Pcg64.stream(5, "policy").nextLong(), Pcg64.stream(6, "policy").nextLong());
    }

    @Test
    void savedStateContinuesBitForBit() {
        Pcg64 random = Pcg64.stream(1, "save");
        random.integers(10);
        Pcg64 restored = Pcg64.fromState(random.state());
        for (int i = 0; i < 100; i++) {
            assertEquals(random.integers(1000), restored.integers(1000));
            assertEquals(random.standardNormal(), restored.standardNormal(), 0);
        }
        assertArrayEquals(random.state(), restored.state());
    }

    @Test
    void refusesWhatNumpyRefuses() {
        assertThrows(KitException.class, () -> Pcg64.seeded(-1));
        assertThrows(KitException.class, () -> Pcg64.seeded(1).integers(0));
        assertThrows(KitException.class, () -> Pcg64.fromState(new byte[3]));
    }
}
