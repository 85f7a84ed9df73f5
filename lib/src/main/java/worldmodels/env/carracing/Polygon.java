package worldmodels.env.carracing;

import java.util.Arrays;

/**
 * A convex polygon in float32 as Box2D keeps it: counter-clockwise from the right-most corner, with a skin of {@value #RADIUS} m that
 * belongs to it in contact tests. Immutable.
 */
final class Polygon {

    static final float RADIUS = 0.01f;

    final int count;
    final float[] x;
    final float[] y;

    /** @param corners x0, y0, x1, y1, ... in any order; corners inside the hull of the others are dropped */
    Polygon(double... corners) {
        int n = corners.length / 2;
        float[] px = new float[n];
        float[] py = new float[n];
        for (int i = 0; i < n; i++) {
            px[i] = (float) corners[2 * i];
            py[i] = (float) corners[2 * i + 1];
        }
        int[] hull = giftWrapped(px, py);
        count = hull.length;
        x = new float[count];
        y = new float[count];
        for (int i = 0; i < count; i++) {
            x[i] = px[hull[i]];
            y[i] = py[hull[i]];
        }
    }

    /** Corners in units of a scale, as the car's shapes are written. */
    static Polygon scaled(double scale, double... corners) {
        double[] metres = new double[corners.length];
        for (int i = 0; i < corners.length; i++) {
            metres[i] = corners[i] * scale;
        }
        return new Polygon(metres);
    }

    /** The corner farthest in a direction; the first one among equals. */
    int support(float directionX, float directionY) {
        int best = 0;
        float farthest = x[0] * directionX + y[0] * directionY;
        for (int i = 1; i < count; i++) {
            float distance = x[i] * directionX + y[i] * directionY;
            if (distance > farthest) {
                best = i;
                farthest = distance;
            }
        }
        return best;
    }

    /** Gift wrapping: from the right-most (then lowest) point, the next corner is the one with all others to its left. */
    private static int[] giftWrapped(float[] px, float[] py) {
        int n = px.length;
        int start = 0;
        for (int i = 1; i < n; i++) {
            if (px[i] > px[start] || px[i] == px[start] && py[i] < py[start]) {
                start = i;
            }
        }
        int[] hull = new int[n];
        int length = 0;
        int at = start;
        do {
            hull[length++] = at;
            int next = 0;
            for (int j = 1; j < n; j++) {
                if (next == at) {
                    next = j;
                    continue;
                }
                float rx = px[next] - px[at];
                float ry = py[next] - py[at];
                float vx = px[j] - px[at];
                float vy = py[j] - py[at];
                float cross = rx * vy - ry * vx;
                if (cross < 0 || cross == 0 && vx * vx + vy * vy > rx * rx + ry * ry) {
                    next = j;
                }
            }
            at = next;
        } while (at != start && length < n);
        return Arrays.copyOf(hull, length);
    }
}
