package worldmodels.env.carracing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import worldmodels.random.Pcg64;

/**
 * The bytes of many more pictures than there are recordings: all zooms, quarter turns, cars on the road, off it and out of the field. The
 * sums are those of the drawing that equalled the recorded frames, so that a faster one has to draw the same bytes.
 */
class PicturePosesTest {

    @ParameterizedTest
    @CsvSource({"V0, 0, 2706919156", "V2, 1, 828069962", "V3, 2, 238149046"})
    void drawsTheSameBytesAsEver(CarRacingVersion version, int seed, long sum) {
        Track track = Track.generate(Pcg64.seeded(seed));
        Picture picture = new Picture(version);
        picture.track(track.quads().stream().map(Track.Quad::corners).toArray(double[][]::new),
                track.quads().stream().mapToInt(Track.Quad::rgb).toArray());
        Pcg64 random = Pcg64.seeded(seed);
        ByteBuffer frame = ByteBuffer.allocate(Canvas.SIDE * Canvas.SIDE * 3);
        CRC32 crc = new CRC32();
        for (int i = 0; i < 300; i++) {
            Track.Point place = track.points().get(random.integers(track.size()));
            picture.draw(scene(random, i, place), frame.clear());
            crc.update(frame.array());
        }
        assertEquals(sum, crc.getValue());
    }

    private static Scene scene(Pcg64 random, int i, Track.Point place) {
        Scene scene = new Scene();
        boolean far = i % 4 == 0;
        scene.hullX = far ? random.uniform(-400, 400) : place.x() + random.uniform(-10, 10);
        scene.hullY = far ? random.uniform(-400, 400) : place.y() + random.uniform(-10, 10);
        scene.hullAngle = i % 9 == 0 ? Math.PI / 2 * (i % 7) : random.uniform(-10, 10);
        scene.hullVx = random.uniform(-30, 30);
        scene.hullVy = random.uniform(-30, 30);
        scene.hullOmega = random.uniform(-8, 8);
        scene.time = i % 3 == 0 ? random.uniform(0.02, 1) : 2;
        scene.score = random.uniform(-100, 1000);
        scene.frontLeftJointAngle = random.uniform(-0.5, 0.5);
        for (int w = 0; w < Scene.WHEELS; w++) {
            scene.wheelX[w] = scene.hullX + random.uniform(-2, 2);
            scene.wheelY[w] = scene.hullY + random.uniform(-2, 2);
            scene.wheelAngle[w] = random.uniform(-4, 4);
            scene.wheelOmega[w] = random.uniform(-50, 800);
            scene.wheelPhase[w] = random.uniform(-9, 9);
        }
        return scene;
    }
}
