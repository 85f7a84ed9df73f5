package worldmodels.study.planet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class PlanningStepsTest {

    @Test
    void everyIterationOfTheLibrarysPlannerIsThereAndTheLastIsAtTheBestActions() {
        JsonObject data = JsonParser.parseString(new Gson().toJson(
                PlanningSteps.of(7, 300, 30, (first, second) -> -Math.pow(first - 0.5, 2) - Math.pow(second + 0.25, 2), 1).data())).getAsJsonObject();
        JsonArray iterations = data.getAsJsonArray("generations");
        assertEquals(7, iterations.size());
        ByteBuffer last = ByteBuffer.wrap(Base64.getDecoder().decode(iterations.get(6).getAsString())).order(ByteOrder.LITTLE_ENDIAN);
        double[] sums = new double[2];
        for (int i = 0; last.hasRemaining(); i++) {
            sums[i % 2] += last.getFloat();
        }
        assertEquals(0.5, sums[0] / 300, 0.02);
        assertEquals(-0.25, sums[1] / 300, 0.02);
        assertEquals(30, data.get("kept").getAsInt());
    }
}
