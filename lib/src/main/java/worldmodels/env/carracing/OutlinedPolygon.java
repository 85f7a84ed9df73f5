package worldmodels.env.carracing;

import java.util.Arrays;

/**
 * Draws field, grass and road as pygame's {@code gfxdraw.aapolygon} followed by {@code gfxdraw.filled_polygon} does (SDL_gfx's rules):
 * an anti-aliased line one pixel wide round corners cut off to integers, then rows from the lowest to the highest corner, filled between
 * intersections in 16.16 fixed point with both ends included. The filling covers half of the line, so only the other half is drawn.
 */
final class OutlinedPolygon {

    private final Canvas canvas;
    // Lowest and highest row of the canvas' present strip.
    private int floor;
    private int ceiling;

    /** The filled pixels of each row of the current polygon, both included; none where left > right. */
    private final int[] left = new int[Canvas.HEIGHT];
    private final int[] right = new int[Canvas.HEIGHT];
    private final int[] crossings = new int[4];
    private final int[] x = new int[4];
    private final int[] y = new int[4];

    // The line being drawn, cut to the surface.
    private int x1;
    private int y1;
    private int x2;
    private int y2;

    OutlinedPolygon(Canvas canvas) {
        this.canvas = canvas;
    }

    /** Draws the quadrilateral with corners (x[i], y[i]) from index {@code at}, pixels with y upwards, into the canvas' present strip. */
    void draw(int[] xs, int[] ys, int at, char colour, boolean firstEdgeCovered) {
        floor = canvas.bottom();
        ceiling = canvas.top();
        for (int i = 0; i < 4; i++) {
            x[i] = xs[at + i];
            y[i] = ys[at + i];
        }
        int lowest = Math.min(Math.min(y[0], y[1]), Math.min(y[2], y[3]));
        int highest = Math.max(Math.max(y[0], y[1]), Math.max(y[2], y[3]));
        if (highest < floor || lowest > ceiling) {
            return;
        }
        int from = Math.max(lowest, floor);
        int to = Math.min(highest, ceiling);
        // The line may touch the rows next to the filled ones.
        int before = Math.max(from - 1, floor);
        int after = Math.min(to + 1, ceiling);
        Arrays.fill(left, before, after + 1, Integer.MAX_VALUE);
        Arrays.fill(right, before, after + 1, Integer.MIN_VALUE);
        boolean convex = isConvex(x, y);
        if (convex) {
            edge(x[3], y[3], x[0], y[0], highest);
            edge(x[0], y[0], x[1], y[1], highest);
            edge(x[1], y[1], x[2], y[2], highest);
            edge(x[2], y[2], x[3], y[3], highest);
            round(from, to);
        }
        if (!firstEdgeCovered) {
            line(x[0], y[0], x[1], y[1], colour);
        }
        line(x[1], y[1], x[2], y[2], colour);
        line(x[2], y[2], x[3], y[3], colour);
        line(x[3], y[3], x[0], y[0], colour);
        if (convex) {
            for (int row = from; row <= to; row++) {
                if (left[row] <= right[row]) {
                    canvas.span(row, left[row], right[row], colour);
                }
            }
        } else {
            fillAnyShape(x, y, from, to, highest, colour);
        }
    }

    /** Cutting corners off to integers can dent a small quadrilateral; then a row may have four intersections. */
    private static boolean isConvex(int[] x, int[] y) {
        boolean leftTurn = false;
        boolean rightTurn = false;
        for (int i = 0; i < 4; i++) {
            int j = i + 1 & 3;
            int k = i + 2 & 3;
            long turn = (long) (x[j] - x[i]) * (y[k] - y[j]) - (long) (y[j] - y[i]) * (x[k] - x[j]);
            leftTurn |= turn > 0;
            rightTurn |= turn < 0;
        }
        return !(leftTurn && rightTurn);
    }

    /** Notes where an edge crosses rows. The quotient 65536 k / dy is carried from row to row with its remainder. */
    private void edge(int ax, int ay, int bx, int by, int highest) {
        if (ay == by) {
            return;
        }
        int lowX = ay < by ? ax : bx;
        int lowY = Math.min(ay, by);
        int highY = Math.max(ay, by);
        int dx = (ay < by ? bx : ax) - lowX;
        int dy = highY - lowY;
        int from = Math.max(lowY, floor);
        int to = Math.min(highY == highest ? highY : highY - 1, ceiling);
        if (from > to) {
            return;
        }
        int step = 65536 / dy;
        int stepRest = 65536 % dy;
        int quotient = 65536 * (from - lowY) / dy;
        int rest = 65536 * (from - lowY) % dy;
        int offset = 65536 * lowX;
        for (int row = from; row <= to; row++) {
            int crossing = quotient * dx + offset;
            left[row] = Math.min(left[row], crossing);
            right[row] = Math.max(right[row], crossing);
            quotient += step;
            rest += stepRest;
            if (rest >= dy) {
                rest -= dy;
                quotient++;
            }
        }
    }

    private void round(int from, int to) {
        for (int row = from; row <= to; row++) {
            if (left[row] <= right[row]) {
                int a = rounded(left[row] + 1);
                int b = rounded(right[row] - 1);
                left[row] = Math.min(a, b);
                right[row] = Math.max(a, b);
            }
        }
    }

    private static int rounded(int fixed) {
        return (fixed >> 16) + ((fixed & 32768) >> 15);
    }

    private void fillAnyShape(int[] x, int[] y, int from, int to, int highest, char colour) {
        for (int row = from; row <= to; row++) {
            int n = 0;
            for (int i = 0; i < 4; i++) {
                int j = i + 3 & 3;
                boolean up = y[j] < y[i];
                int lowX = up ? x[j] : x[i];
                int lowY = up ? y[j] : y[i];
                int highX = up ? x[i] : x[j];
                int highY = up ? y[i] : y[j];
                if (lowY != highY && (row >= lowY && row < highY || row == highest && row > lowY && row <= highY)) {
                    crossings[n++] = 65536 * (row - lowY) / (highY - lowY) * (highX - lowX) + 65536 * lowX;
                }
            }
            Arrays.sort(crossings, 0, n);
            for (int i = 0; i + 1 < n; i += 2) {
                int a = rounded(crossings[i] + 1);
                int b = rounded(crossings[i + 1] - 1);
                canvas.span(row, Math.min(a, b), Math.max(a, b), colour);
            }
        }
    }

    private void line(int ax, int ay, int bx, int by, char colour) {
        x1 = ax;
        y1 = ay;
        x2 = bx;
        y2 = by;
        if (!cutToSurface()) {
            return;
        }
        int x = y1 > y2 ? x2 : x1;
        int y = Math.min(y1, y2);
        int dx = (y1 > y2 ? x1 : x2) - x;
        int dy = Math.max(y1, y2) - y;
        if (y > ceiling || y + dy < floor - 1) {
            return;
        }
        if (dx == 0) {
            for (int i = 0; i <= dy; i++) {
                opaque(x, y + i, x, colour);
            }
            return;
        }
        if (dy == 0) {
            opaque(Math.min(x1, x2), y, Math.max(x1, x2), colour);
            return;
        }
        opaque(x1, y1, x1, colour);
        if (dy > Math.abs(dx)) {
            steep(x, y, dx, dy, colour);
        } else {
            shallow(x, y, dx, dy, colour);
        }
    }

    // Both kinds of line add a slope to an error in 0.32 fixed point for each pixel; each carry moves the line sideways.
    // After i pixels it has so moved (i * slope) >>> 32 times, which finds the strip's part of the line at once.

    private void steep(int x, int y, int dx, int dy, char colour) {
        long slope = slope(Math.abs(dx), dy);
        int direction = dx > 0 ? 1 : -1;
        int from = Math.max(1, floor - y);
        int to = Math.min(dy - 1, ceiling - y);
        for (int i = from; i <= to; i++) {
            long moved = i * slope;
            int weight = (int) (moved >>> 24) & 255;
            int at = x + direction * (int) (moved >>> 32);
            int row = y + i;
            if (at < left[row] || at > right[row]) {
                canvas.blend(at, row, colour, 255 * (255 - weight) >> 8);
            }
            int next = at + direction;
            if (next < left[row] || next > right[row]) {
                canvas.blend(next, row, colour, 255 * weight >> 8);
            }
        }
    }

    private void shallow(int x, int y, int dx, int dy, char colour) {
        int width = Math.abs(dx);
        long slope = slope(dy, width);
        int direction = dx > 0 ? 1 : -1;
        int from = Math.max(1, (int) (((long) (floor - 1 - y) << 32) / slope));
        int to = Math.min(width - 1, (int) (((long) (ceiling + 1 - y) << 32) / slope) + 1);
        for (int i = from; i <= to; i++) {
            long moved = i * slope;
            int weight = (int) (moved >>> 24) & 255;
            int row = y + (int) (moved >>> 32);
            pixel(x + direction * i, row, colour, 255 - weight);
            pixel(x + direction * i, row + 1, colour, weight);
        }
    }

    private static long slope(int rise, int run) {
        return (long) ((rise << 16) / run) << 16;
    }

    /** One pixel of the line; its weight times 255 is cut to 8 bits. */
    private void pixel(int x, int y, char colour, int weight) {
        if (y >= floor && y <= ceiling && (x < left[y] || x > right[y])) {
            canvas.blend(x, y, colour, 255 * weight >> 8);
        }
    }

    private void opaque(int ax, int y, int bx, char colour) {
        if (y >= floor && y <= ceiling && (ax < left[y] || bx > right[y])) {
            canvas.span(y, ax, bx, colour);
        }
    }

    /** Cohen and Sutherland's clipping in single precision, offsets cut off to integers. */
    private boolean cutToSurface() {
        while (true) {
            int code1 = outside(x1, y1);
            int code2 = outside(x2, y2);
            if ((code1 | code2) == 0) {
                return true;
            }
            if ((code1 & code2) != 0) {
                return false;
            }
            if (code1 == 0) {
                int x = x1;
                x1 = x2;
                x2 = x;
                int y = y1;
                y1 = y2;
                y2 = y;
                code1 = code2;
            }
            float slope = x2 != x1 ? (float) (y2 - y1) / (float) (x2 - x1) : 1;
            if ((code1 & LEFT) != 0) {
                y1 += (short) (int) ((0 - x1) * slope);
                x1 = 0;
            } else if ((code1 & RIGHT) != 0) {
                y1 += (short) (int) ((Canvas.WIDTH - 1 - x1) * slope);
                x1 = Canvas.WIDTH - 1;
            } else if ((code1 & ABOVE) != 0) {
                if (x2 != x1) {
                    x1 += (short) (int) ((Canvas.HEIGHT - 1 - y1) / slope);
                }
                y1 = Canvas.HEIGHT - 1;
            } else {
                if (x2 != x1) {
                    x1 += (short) (int) ((0 - y1) / slope);
                }
                y1 = 0;
            }
        }
    }

    private static final int LEFT = 1;
    private static final int RIGHT = 2;
    private static final int ABOVE = 4;
    private static final int BELOW = 8;

    private static int outside(int x, int y) {
        return (x < 0 ? LEFT : x >= Canvas.WIDTH ? RIGHT : 0) | (y < 0 ? BELOW : y >= Canvas.HEIGHT ? ABOVE : 0);
    }
}
