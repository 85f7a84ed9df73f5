package worldmodels.env.carracing;

import java.util.Arrays;

/**
 * Draws the car as {@code pygame.draw.polygon} does: corners cut off to integers, each row filled between intersections in integer
 * division with both ends included, no anti-aliasing.
 */
final class PlainPolygon {

    private final Canvas canvas;
    private final int[] left = new int[Canvas.HEIGHT];
    private final int[] right = new int[Canvas.HEIGHT];

    PlainPolygon(Canvas canvas) {
        this.canvas = canvas;
    }

    /** Draws the convex polygon with the first n corners (x[i], y[i]), pixels with y upwards. */
    void draw(int[] x, int[] y, int n, char colour) {
        int lowest = y[0];
        int highest = y[0];
        int leftmost = x[0];
        int rightmost = x[0];
        for (int i = 1; i < n; i++) {
            lowest = Math.min(lowest, y[i]);
            highest = Math.max(highest, y[i]);
            leftmost = Math.min(leftmost, x[i]);
            rightmost = Math.max(rightmost, x[i]);
        }
        if (lowest == highest) {
            canvas.span(lowest, leftmost, rightmost, colour);
            return;
        }
        int from = Math.max(lowest, canvas.bottom());
        int to = Math.min(highest, canvas.top());
        if (from > to) {
            return;
        }
        Arrays.fill(left, from, to + 1, Integer.MAX_VALUE);
        Arrays.fill(right, from, to + 1, Integer.MIN_VALUE);
        for (int i = 0; i < n; i++) {
            int j = i == 0 ? n - 1 : i - 1;
            boolean up = y[j] < y[i];
            edge(up ? x[j] : x[i], up ? y[j] : y[i], up ? x[i] : x[j], up ? y[i] : y[j], highest);
        }
        for (int row = from; row <= to; row++) {
            if (left[row] <= right[row]) {
                canvas.span(row, left[row], right[row], colour);
            }
        }
        for (int i = 0; i < n; i++) {
            int j = i == 0 ? n - 1 : i - 1;
            if (y[i] == y[j] && y[i] > lowest && y[i] < highest) {
                canvas.span(y[i], Math.min(x[i], x[j]), Math.max(x[i], x[j]), colour);
            }
        }
    }

    private void edge(int lowX, int lowY, int highX, int highY, int highest) {
        int from = Math.max(lowY, canvas.bottom());
        int to = Math.min(highY == highest ? highY : highY - 1, canvas.top());
        for (int row = from; row <= to && lowY != highY; row++) {
            int crossing = (row - lowY) * (highX - lowX) / (highY - lowY) + lowX;
            left[row] = Math.min(left[row], crossing);
            right[row] = Math.max(right[row], crossing);
        }
    }
}
