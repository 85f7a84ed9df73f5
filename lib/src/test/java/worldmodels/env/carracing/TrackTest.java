package worldmodels.env.carracing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import worldmodels.Golden;
import worldmodels.random.Pcg64;

/** Against tracks recorded from Gymnasium 0.29.1. */
class TrackTest {

    private static final double EXACT_ENOUGH = 1e-9;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 36, 42, 313, 1234})
    void equalsTheRecordedTrack(int seed) throws IOException {
        String name = "carracing/track_" + seed + ".json";
        assumeTrue(Golden.has(name));
        JsonObject recorded;
        try (BufferedReader in = Golden.read(name)) {
            recorded = JsonParser.parseReader(in).getAsJsonObject();
        }
        Track track = Track.generate(Pcg64.seeded(seed));

        assertEquals(recorded.get("attempts").getAsInt(), track.attempts());
        JsonArray points = recorded.getAsJsonArray("track");
        assertEquals(points.size(), track.size());
        for (int i = 0; i < track.size(); i++) {
            Track.Point point = track.points().get(i);
            JsonArray expected = points.get(i).getAsJsonArray();
            assertEquals(expected.get(0).getAsDouble(), point.alpha(), EXACT_ENOUGH);
            assertEquals(expected.get(1).getAsDouble(), point.heading(), EXACT_ENOUGH);
            assertEquals(expected.get(2).getAsDouble(), point.x(), EXACT_ENOUGH);
            assertEquals(expected.get(3).getAsDouble(), point.y(), EXACT_ENOUGH);
            assertEquals(recorded.getAsJsonArray("border").get(i).getAsBoolean(), track.hasBorder(i));
        }
        JsonArray polygons = recorded.getAsJsonArray("road_poly");
        assertEquals(recorded.get("n_polys").getAsInt(), track.quads().size());
        for (int i = 0; i < polygons.size(); i++) {
            assertSamePolygon(polygons.get(i).getAsJsonObject(), track.quads().get(i));
        }
    }

    private static void assertSamePolygon(JsonObject expected, Track.Quad quad) {
        assertEquals(expected.get("kind").getAsString().equals("border"), quad.border());
        assertEquals(expected.get("tile").getAsInt(), quad.tile());
        for (int corner = 0; corner < 4; corner++) {
            JsonArray xy = expected.getAsJsonArray("v").get(corner).getAsJsonArray();
            assertEquals(xy.get(0).getAsDouble(), quad.corners()[2 * corner], EXACT_ENOUGH);
            assertEquals(xy.get(1).getAsDouble(), quad.corners()[2 * corner + 1], EXACT_ENOUGH);
        }
        JsonArray colour = expected.getAsJsonArray("c");
        for (int channel = 0; channel < 3; channel++) {
            assertEquals((int) colour.get(channel).getAsDouble(), quad.rgb() >> 8 * (2 - channel) & 0xff);
        }
    }

    @Test
    void borderStripsLieOutsideTheRoad() {
        Track track = Track.generate(Pcg64.seeded(0));
        assertTrue(track.quads().stream().anyMatch(Track.Quad::border));
        for (Track.Quad quad : track.quads()) {
            Track.Point point = track.points().get(quad.tile());
            double nearest = Math.hypot(quad.corners()[0] - point.x(), quad.corners()[1] - point.y());
            assertEquals(40 / 6.0, nearest, 1e-9);
            assertFalse(quad.border() && !track.hasBorder(quad.tile()));
        }
    }
}
