package worldmodels.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import worldmodels.run.KitException;

/** What the page is given; that it can be stepped through is shown in a browser (environment/tests). */
class SearchStepsTest {

    private static final Plot STILL = new Plot("a search", "x", "y").line("way", new double[] {0, 1}, new double[] {0, 1});
    private static final List<double[][]> GENERATIONS = List.of(new double[][] {{-1, -1}, {1, 1}, {0, 1}}, new double[][] {{0, 0.5}, {0.25, 0}, {0, 0}});

    @Test
    void everyCandidateComesWithWhatTheLandscapeSaysOfIt() {
        JsonObject data = data(SearchSteps.of("a search", "generation", STILL, (x, y) -> x * x + 2 * y * y, GENERATIONS, 1));
        assertEquals(0.5f, floats(data, "generations", 1).getFloat(Float.BYTES));
        ByteBuffer values = floats(data, "values", 1);
        assertEquals(0.5f, values.getFloat());
        assertEquals(0.0625f, values.getFloat());
        assertEquals(0, values.getFloat());
    }

    @Test
    void theLandscapeIsDarkestWhereItIsLowest() {
        JsonObject data = data(SearchSteps.of("a search", "generation", STILL, (x, y) -> Math.pow(x - 0.5, 2) + y * y, GENERATIONS, 1));
        byte[] heights = Base64.getDecoder().decode(data.get("heights").getAsString());
        int side = data.get("side").getAsInt();
        int lowest = 0;
        for (int i = 0; i < heights.length; i++) {
            lowest = (heights[i] & 255) < (heights[lowest] & 255) ? i : lowest;
        }
        // The square spans x and y from -1 to 1 and a tenth of it more on each side.
        assertEquals(0.5, -1.2 + 2.4 * (lowest % side + 0.5) / side, 0.15);
        assertEquals(0, -1.2 + 2.4 * (lowest / side + 0.5) / side, 0.15);
        assertTrue((heights[0] & 255) > 200, "a corner is high: " + (heights[0] & 255));
    }

    @Test
    void refusesASearchOverOtherThanTwoNumbers() {
        assertThrows(KitException.class, () -> SearchSteps.of("a", "generation", STILL, Math::max, List.of(), 1));
        List<double[][]> three = Collections.singletonList(new double[][] {{1, 2, 3}});
        assertThrows(KitException.class, () -> SearchSteps.of("a", "generation", STILL, Math::max, three, 1));
    }

    private static ByteBuffer floats(JsonObject data, String name, int generation) {
        return ByteBuffer.wrap(Base64.getDecoder().decode(data.getAsJsonArray(name).get(generation).getAsString())).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static JsonObject data(Interactive page) {
        return JsonParser.parseString(new Gson().toJson(page.data())).getAsJsonObject();
    }
}
