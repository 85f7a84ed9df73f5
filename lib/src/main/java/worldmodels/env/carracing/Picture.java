package worldmodels.env.carracing;

import java.nio.ByteBuffer;

/**
 * CarRacing's observation: the scene drawn at 1000 x 800 and shrunk to 96 x 96 x 3 bytes by area average, to the pixel as Gymnasium
 * 0.29.1 does it with pygame 2.1.2, without drawing more pixels than the result depends on. The hull's origin stays at (500, 600 from
 * the top), the camera turns with the hull (V0: with the direction of travel above 0.5 m/s) and zooms in during the first second.
 * Rows 84 to 95 hold the bottom bar with score, speed, wheel speeds, steering and turning rate. Skid marks are not in the observation.
 *
 * <p>Trigonometry is {@link Sine}'s and {@link FloatSine}'s, so a scene gives the same bytes on every machine.
 *
 * <p>Drawing allocates nothing, except a few strings when the score shown changes. One instance per thread.
 */
final class Picture {

    private final CarRacingVersion version;
    private final ScoreText text;
    private RoadView road;

    Picture(CarRacingVersion version) {
        this.version = version;
        text = new ScoreText(version.scoreIsRounded());
        track(new double[0][], new int[0]);
    }

    /**
     * Takes the road of a new episode.
     *
     * @param quads corners {x0, y0, .. x3, y3} in metres, in the order of drawing
     * @param rgb   0xRRGGBB of each; kept, so that the caller can recolour tiles
     */
    void track(double[][] quads, int[] rgb) {
        road = new RoadView(quads, rgb);
    }

    /** Writes 96 x 96 x 3 bytes at the buffer's position and advances it. */
    void draw(Scene scene, ByteBuffer target) {
        draw(scene, Canvas.SIDE, target);
    }

    /** Writes the first rows, (rows, 96, 3) bytes, and draws no more than those show. */
    void draw(Scene scene, int rows, ByteBuffer target) {
        Painter.ofThisThread().draw(version, road, text, scene, rows, target);
    }
}
