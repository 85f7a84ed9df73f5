package worldmodels.env.carracing;

import java.nio.ByteBuffer;

/**
 * Draws pictures: the canvas and the lists of polygons in view. They take about a megabyte, so a thread has one painter for all its
 * environments, which then stays in the processor's cache.
 */
final class Painter {

    private static final ThreadLocal<Painter> OF_THREAD = ThreadLocal.withInitial(Painter::new);


    private static final double FIELD = 2000 / 6.0;
    private static final double SQUARE = FIELD / 20;
    private static final int SQUARES = 20;
    private static final double SIZE = 0.02;
    private static final double WHEEL_RADIUS = 27 * SIZE;
    private static final double WHEEL_HALF_WIDTH = 14 * SIZE;
    private static final double STRIPE = 1.2;
    private static final double HALF_TURN_OF_NOTHING = 1e-6;
    /** Below this height in pixels, measured upwards, lies the bottom bar. */
    private static final int BAR = 100;
    private static final int BAR_ROW = 84;
    /** No part of the car is drawn further than this from the hull's origin, in pixels. */
    private static final int CAR_REACH = 60;

    private static final float[][] HULL = {
        polygon(-60, 130, 60, 130, 60, 110, -60, 110),
        polygon(-15, 120, 15, 120, 20, 20, -20, 20),
        polygon(25, 20, 50, -10, 50, -40, 20, -90, -20, -90, -50, -40, -50, -10, -25, 20),
        polygon(-50, -120, 50, -120, 50, -90, -50, -90)};
    private static final float[] WHEEL = polygon(-14, 27, 14, 27, 14, -27, -14, -27);

    private final Canvas canvas = new Canvas();
    private final OutlinedPolygon outlined = new OutlinedPolygon(canvas);
    private final PlainPolygon plain = new PlainPolygon(canvas);

    private final char black = canvas.colour(0);
    private final char white = canvas.colour(0xFFFFFF);
    private final char field = canvas.colour(0x66CC66);
    private final char grass = canvas.colour(0x66E666);
    private final char stripe = canvas.colour(0x4D4D4D);
    private final char hull = canvas.colour(0xCC0000);
    private final char frontWheels = canvas.colour(0x0000FF);
    private final char rearWheels = canvas.colour(0x3300FF);
    private final char steering = canvas.colour(0x00FF00);
    private final char gyro = canvas.colour(0xFF0000);

    // The camera of the picture being drawn.
    private double zoom;
    private double cosine;
    private double sine;
    private double shiftX;
    private double shiftY;

    // Field, grass and road in view, in the order of drawing: four corners each, in pixels, and a colour.
    private int placed;
    private int[] x = new int[0];
    private int[] y;
    private int[] lowest;
    private int[] highest;
    private char[] colours;
    private boolean[] coveredEdge;

    private final int[] carX = new int[8];
    private final int[] carY = new int[8];
    private final byte[] frame = new byte[Canvas.SIDE * Canvas.SIDE * 3];
    private final byte[] textFrame = new byte[frame.length];
    private final float[] stripeCorners = new float[8];

    static Painter ofThisThread() {
        return OF_THREAD.get();
    }

    /** Writes (rows, 96, 3) bytes at the buffer's position and advances it. */
    void draw(CarRacingVersion version, RoadView road, ScoreText text, Scene scene, int rows, ByteBuffer target) {
        makeRoom(1 + SQUARES * SQUARES + road.size());
        aim(version, scene);
        boolean open = placeField();
        placeGrass();
        for (int i = 0; i < road.size(); i++) {
            if (isInView(road.centreX[i], road.centreY[i], road.radius[i])) {
                placeQuad(road.quads[i], canvas.colour(road.rgb[i]), road.isFollowed[i]);
            }
        }
        boolean withBar = rows > BAR_ROW;
        for (int bottom = withBar ? 0 : BAR; bottom < Canvas.HEIGHT; bottom += Canvas.STRIP) {
            canvas.start(bottom, bottom < BAR || open ? black : field);
            if (bottom >= BAR) {
                for (int i = 0; i < placed; i++) {
                    if (highest[i] >= bottom && lowest[i] < bottom + Canvas.STRIP) {
                        outlined.draw(x, y, 4 * i, colours[i], coveredEdge[i]);
                    }
                }
                if (Math.abs(bottom + Canvas.STRIP / 2 - Canvas.HEIGHT / 4) < Canvas.STRIP / 2 + CAR_REACH) {
                    drawCar(scene);
                }
            }
            drawBar(scene);
            canvas.shrink(frame);
        }
        if (withBar) {
            text.draw(scene.score, canvas, textFrame, frame, BAR_ROW);
        }
        target.put(frame, 0, rows * Canvas.SIDE * 3);
    }

    private void makeRoom(int polygons) {
        if (x.length < 4 * polygons) {
            x = new int[4 * polygons];
            y = new int[4 * polygons];
            lowest = new int[polygons];
            highest = new int[polygons];
            colours = new char[polygons];
            coveredEdge = new boolean[polygons];
        }
    }

    private void aim(CarRacingVersion version, Scene scene) {
        double angle = -scene.hullAngle;
        if (version.cameraFollowsVelocity() && Math.hypot(scene.hullVx, scene.hullVy) > 0.5) {
            angle = StrictMath.atan2(scene.hullVx, scene.hullVy);
        }
        zoom = 0.6 * Math.max(1 - scene.time, 0) + 16.2 * Math.min(scene.time, 1);
        angle %= 2 * Math.PI;
        if (angle < 0) {
            angle += 2 * Math.PI;
        }
        cosine = Sine.cos(angle);
        sine = Sine.sin(angle);
        // pygame turns by whole quarters exactly when the angle is within a millionth of one.
        if ((angle + HALF_TURN_OF_NOTHING) % (Math.PI / 2) < 2 * HALF_TURN_OF_NOTHING) {
            cosine = Math.rint(cosine);
            sine = Math.rint(sine);
        }
        double scrollX = -scene.hullX * zoom;
        double scrollY = -scene.hullY * zoom;
        shiftX = Canvas.WIDTH / 2 + (cosine * scrollX - sine * scrollY);
        shiftY = Canvas.HEIGHT / 4 + (sine * scrollX + cosine * scrollY);
    }

    private double acrossOf(double worldX, double worldY) {
        return (cosine * worldX - sine * worldY) * zoom + shiftX;
    }

    private double upOf(double worldX, double worldY) {
        return (sine * worldX + cosine * worldY) * zoom + shiftY;
    }

    private boolean isInView(double worldX, double worldY, double reach) {
        double margin = reach * zoom + 2;
        double across = acrossOf(worldX, worldY);
        double up = upOf(worldX, worldY);
        return across > -margin && across < Canvas.WIDTH + margin && up > BAR - margin && up < Canvas.HEIGHT + margin;
    }

    private void corner(int i, double worldX, double worldY) {
        x[4 * placed + i] = (short) (int) acrossOf(worldX, worldY);
        y[4 * placed + i] = (short) (int) upOf(worldX, worldY);
    }

    /** Begins the list of polygons; returns whether the view reaches beyond the field, so that the field has to be drawn as one. */
    private boolean placeField() {
        placed = 0;
        if (fieldFillsView()) {
            return false;
        }
        corner(0, FIELD, FIELD);
        corner(1, FIELD, -FIELD);
        corner(2, -FIELD, -FIELD);
        corner(3, -FIELD, FIELD);
        place(field, false);
        return true;
    }

    /** Whether all four corners of the view, with a metre to spare, lie inside the field. */
    private boolean fieldFillsView() {
        for (int i = 0; i < 4; i++) {
            double across = ((i & 1) * Canvas.WIDTH - shiftX) / zoom;
            double up = ((i >> 1) * Canvas.HEIGHT - shiftY) / zoom;
            double worldX = cosine * across + sine * up;
            double worldY = cosine * up - sine * across;
            if (Math.abs(worldX) > FIELD - 1 || Math.abs(worldY) > FIELD - 1) {
                return false;
            }
        }
        return true;
    }

    private void placeGrass() {
        double reach = SQUARE * Math.sqrt(0.5);
        for (int i = -SQUARES; i < SQUARES; i += 2) {
            for (int j = -SQUARES; j < SQUARES; j += 2) {
                double left = SQUARE * i;
                double bottom = SQUARE * j;
                if (isInView(left + SQUARE / 2, bottom + SQUARE / 2, reach)) {
                    corner(0, left + SQUARE, bottom);
                    corner(1, left, bottom);
                    corner(2, left, bottom + SQUARE);
                    corner(3, left + SQUARE, bottom + SQUARE);
                    place(grass, false);
                }
            }
        }
    }

    private void placeQuad(double[] quad, char colour, boolean firstEdgeCovered) {
        for (int i = 0; i < 4; i++) {
            corner(i, quad[2 * i], quad[2 * i + 1]);
        }
        place(colour, firstEdgeCovered);
    }

    /** Adds the polygon whose corners have been set to the list, if it is in view. */
    private void place(char colour, boolean firstEdgeCovered) {
        int i = 4 * placed;
        int low = Math.min(Math.min(y[i], y[i + 1]), Math.min(y[i + 2], y[i + 3]));
        int high = Math.max(Math.max(y[i], y[i + 1]), Math.max(y[i + 2], y[i + 3]));
        int left = Math.min(Math.min(x[i], x[i + 1]), Math.min(x[i + 2], x[i + 3]));
        int right = Math.max(Math.max(x[i], x[i + 1]), Math.max(x[i + 2], x[i + 3]));
        if (low < Canvas.HEIGHT && high >= BAR && left < Canvas.WIDTH && right >= 0) {
            lowest[placed] = low;
            highest[placed] = high;
            coveredEdge[placed] = firstEdgeCovered;
            colours[placed++] = colour;
        }
    }

    private void drawCar(Scene scene) {
        for (int w = 0; w < Scene.WHEELS; w++) {
            float cos = FloatSine.cos((float) scene.wheelAngle[w]);
            float sin = FloatSine.sin((float) scene.wheelAngle[w]);
            drawBody(WHEEL, cos, sin, (float) scene.wheelX[w], (float) scene.wheelY[w], black);
            drawStripe(scene.wheelPhase[w], cos, sin, (float) scene.wheelX[w], (float) scene.wheelY[w]);
        }
        float cos = FloatSine.cos((float) scene.hullAngle);
        float sin = FloatSine.sin((float) scene.hullAngle);
        for (float[] part : HULL) {
            drawBody(part, cos, sin, (float) scene.hullX, (float) scene.hullY, hull);
        }
    }

    /** The light part of the tread, between two rolling angles; out of sight where it is on the wheel's lower side. */
    private void drawStripe(double phase, float cos, float sin, float bodyX, float bodyY) {
        double s1 = Sine.sin(phase);
        double s2 = Sine.sin(phase + STRIPE);
        if (s1 > 0 && s2 > 0) {
            return;
        }
        double c1 = s1 > 0 ? Math.signum(Sine.cos(phase)) : Sine.cos(phase);
        double c2 = s2 > 0 ? Math.signum(Sine.cos(phase + STRIPE)) : Sine.cos(phase + STRIPE);
        float near = (float) (WHEEL_RADIUS * c1);
        float far = (float) (WHEEL_RADIUS * c2);
        float half = (float) WHEEL_HALF_WIDTH;
        float[] s = stripeCorners;
        s[0] = s[6] = -half;
        s[2] = s[4] = half;
        s[1] = s[3] = near;
        s[5] = s[7] = far;
        drawBody(s, cos, sin, bodyX, bodyY, stripe);
    }

    /** A polygon in a body's coordinates, placed in Box2D's single precision. */
    private void drawBody(float[] corners, float cos, float sin, float bodyX, float bodyY, char colour) {
        int n = corners.length / 2;
        for (int i = 0; i < n; i++) {
            float px = corners[2 * i];
            float py = corners[2 * i + 1];
            float worldX = cos * px - sin * py + bodyX;
            float worldY = sin * px + cos * py + bodyY;
            carX[i] = (int) acrossOf(worldX, worldY);
            carY[i] = (int) upOf(worldX, worldY);
        }
        plain.draw(carX, carY, n, colour);
    }

    private void drawBar(Scene scene) {
        double speed = Math.sqrt(scene.hullVx * scene.hullVx + scene.hullVy * scene.hullVy);
        upright(5, speed, 0.02 * speed, white);
        for (int w = 0; w < Scene.WHEELS; w++) {
            upright(7 + w, scene.wheelOmega[w], 0.01 * scene.wheelOmega[w], w < 2 ? frontWheels : rearWheels);
        }
        sideways(20, scene.frontLeftJointAngle, -10 * scene.frontLeftJointAngle, steering);
        sideways(30, scene.hullOmega, -0.8 * scene.hullOmega, gyro);
    }

    /** A bar of {@code height} units of 20 pixels on the line at 780 pixels from the top, 25 pixels wide. */
    private void upright(int place, double value, double height, char colour) {
        if (Math.abs(value) > 1e-4) {
            int end = (int) (Canvas.HEIGHT - (20 + 20 * height));
            rows(Math.min(end, 780), Math.max(end, 780), place * 25, (place + 1) * 25, colour);
        }
    }

    /** A bar of {@code width} units of 25 pixels, from 720 to 760 pixels from the top. */
    private void sideways(int place, double value, double width, char colour) {
        if (Math.abs(value) > 1e-4) {
            int start = place * 25;
            int end = (int) ((place + width) * 25);
            rows(720, 760, Math.min(start, end), Math.max(start, end), colour);
        }
    }

    /** Fills a rectangle whose rows are counted from the top. */
    private void rows(int high, int low, int left, int right, char colour) {
        int from = Math.max(Canvas.HEIGHT - 1 - low, canvas.bottom());
        int to = Math.min(Canvas.HEIGHT - 1 - high, canvas.top());
        for (int row = from; row <= to; row++) {
            canvas.span(row, left, right, colour);
        }
    }

    private static float[] polygon(double... units) {
        float[] corners = new float[units.length];
        for (int i = 0; i < units.length; i++) {
            corners[i] = (float) (units[i] * SIZE);
        }
        return corners;
    }
}
