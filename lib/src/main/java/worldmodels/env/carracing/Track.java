package worldmodels.env.carracing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import worldmodels.random.Pcg64;

/**
 * A closed road, made as Gymnasium makes it: a point walks counter-clockwise round the origin from one random checkpoint to the next, and
 * the second-last of its laps is kept. Metres and radians; y up.
 *
 * <p>Trigonometry is {@link StrictMath}'s, so a seed gives the same road on every machine; it differs from the original's by less than
 * 1e-12 m.
 */
public final class Track {

    /** Half the side of the field; beyond it the episode ends. */
    public static final double PLAYFIELD = 2000 / 6.0;

    private static final double SCALE = 6;
    private static final double RADIUS = 900 / SCALE;
    private static final int CHECKPOINTS = 12;
    private static final double START_ALPHA = 2 * Math.PI * -0.5 / CHECKPOINTS;
    private static final double STEP = 21 / SCALE;
    private static final double TURN_RATE = 0.31;
    private static final double HALF_WIDTH = 40 / SCALE;

    /** Of the road, in metres. */
    public static final double WIDTH = 2 * HALF_WIDTH;

    private static final double BORDER_WIDTH = 8 / SCALE;
    private static final int BORDER_MIN_COUNT = 4;
    private static final int MOST_STEPS = 2500;
    private static final int MOST_LAPS = 4;

    private static final int[] TILE_RGB = {0x666666, 0x686868, 0x6b6b6b};

    /**
     * A point of the centre line.
     *
     * @param alpha   its direction from the origin, as the walk recorded it (may be lower by whole turns)
     * @param heading direction across which the road lies: the road runs along (-sin heading, cos heading)
     * @param x       position
     * @param y       position
     */
    public record Point(double alpha, double heading, double x, double y) {}

    /**
     * A polygon of the road surface.
     *
     * @param tile    the tile it belongs to; tile i spans the points i-1 to i
     * @param border  whether it is a red or white strip beside the tile rather than the tile
     * @param corners x0, y0, ..., x3, y3
     * @param rgb     colour 0xRRGGBB before any contact
     */
    public record Quad(int tile, boolean border, double[] corners, int rgb) {}

    private final List<Point> points;
    private final boolean[] border;
    private final List<Quad> quads;
    private final int attempts;

    private Track(List<Point> points, int attempts) {
        this.points = points;
        this.attempts = attempts;
        this.border = borders(points);
        this.quads = quads(points, border);
    }

    /** Draws tracks (24 uniform numbers each) until one closes well. */
    public static Track generate(Pcg64 random) {
        for (int attempt = 1; ; attempt++) {
            double[][] checkpoints = checkpoints(random);
            List<Point> lap = closedLap(walk(checkpoints));
            if (!lap.isEmpty()) {
                return new Track(lap, attempt);
            }
        }
    }

    /** Number of tiles, which is the number of points. */
    public int size() {
        return points.size();
    }

    /** The centre line, in driving order. */
    public List<Point> points() {
        return points;
    }

    /** Whether tile i has a border strip. */
    public boolean hasBorder(int i) {
        return border[i];
    }

    /** Tiles and border strips in drawing order: each tile, then its strip if it has one. */
    public List<Quad> quads() {
        return quads;
    }

    /** How many tracks were drawn until this one. */
    public int attempts() {
        return attempts;
    }

    /** Twelve of {alpha, x, y}: the direction and place the walk heads for. The first and last are fixed, but draw their numbers too. */
    private static double[][] checkpoints(Pcg64 random) {
        double[][] checkpoints = new double[CHECKPOINTS][];
        for (int c = 0; c < CHECKPOINTS; c++) {
            double noise = random.uniform(0, 2 * Math.PI / CHECKPOINTS);
            double alpha = 2 * Math.PI * c / CHECKPOINTS + noise;
            double radius = random.uniform(RADIUS / 3, RADIUS);
            if (c == 0) {
                alpha = 0;
                radius = 1.5 * RADIUS;
            }
            if (c == CHECKPOINTS - 1) {
                alpha = 2 * Math.PI * c / CHECKPOINTS;
                radius = 1.5 * RADIUS;
            }
            checkpoints[c] = new double[] {alpha, radius * StrictMath.cos(alpha), radius * StrictMath.sin(alpha)};
        }
        return checkpoints;
    }

    /** Several laps towards one checkpoint after the other, turning a little at each step. */
    private static List<Point> walk(double[][] checkpoints) {
        List<Point> walked = new ArrayList<>(MOST_STEPS);
        double x = 1.5 * RADIUS;
        double y = 0;
        double beta = 0;
        int aim = 0;
        int laps = 0;
        boolean visitedOtherSide = false;
        while (walked.size() < MOST_STEPS && laps <= MOST_LAPS) {
            double alpha = StrictMath.atan2(y, x);
            if (visitedOtherSide && alpha > 0) {
                laps++;
                visitedOtherSide = false;
            }
            if (alpha < 0) {
                visitedOtherSide = true;
                alpha += 2 * Math.PI;
            }
            while (alpha > checkpoints[aim][0]) {
                aim = (aim + 1) % CHECKPOINTS;
                if (aim == 0) {
                    // All checkpoints lie behind: the next ones are a turn ahead. The lowered alpha is what the point records.
                    alpha -= 2 * Math.PI;
                }
            }
            double acrossX = StrictMath.cos(beta);
            double acrossY = StrictMath.sin(beta);
            double projection = acrossX * (checkpoints[aim][1] - x) + acrossY * (checkpoints[aim][2] - y);
            while (beta - alpha > 1.5 * Math.PI) {
                beta -= 2 * Math.PI;
            }
            while (beta - alpha < -1.5 * Math.PI) {
                beta += 2 * Math.PI;
            }
            double betaBefore = beta;
            projection *= SCALE;
            if (projection > 0.3) {
                beta -= Math.min(TURN_RATE, Math.abs(0.001 * projection));
            }
            if (projection < -0.3) {
                beta += Math.min(TURN_RATE, Math.abs(0.001 * projection));
            }
            x += -acrossY * STEP;
            y += acrossX * STEP;
            walked.add(new Point(alpha, betaBefore * 0.5 + beta * 0.5, x, y));
        }
        return walked;
    }

    /** The lap between the last two passages of the start, or an empty list if there is none or its ends do not meet. */
    private static List<Point> closedLap(List<Point> walked) {
        int end = passageBefore(walked, walked.size());
        int start = passageBefore(walked, end);
        if (start < 0) {
            return List.of();
        }
        List<Point> lap = List.copyOf(walked.subList(start, end - 1));
        Point first = lap.getFirst();
        Point last = lap.getLast();
        double gapX = StrictMath.cos(first.heading) * (first.x - last.x);
        double gapY = StrictMath.sin(first.heading) * (first.y - last.y);
        return Math.sqrt(gapX * gapX + gapY * gapY) > STEP ? List.of() : lap;
    }

    /** The last index below {@code end} at which the walk passes the start's direction; -1 if there is none. */
    private static int passageBefore(List<Point> walked, int end) {
        for (int i = end - 1; i > 0; i--) {
            if (walked.get(i).alpha > START_ALPHA && walked.get(i - 1).alpha <= START_ALPHA) {
                return i;
            }
        }
        return -1;
    }

    /** Marks hard turns: four heading changes in a row to the same side, and the three tiles before each such mark. */
    private static boolean[] borders(List<Point> points) {
        int n = points.size();
        boolean[] border = new boolean[n];
        for (int i = 0; i < n; i++) {
            boolean hard = true;
            double oneSide = 0;
            for (int back = 0; back < BORDER_MIN_COUNT; back++) {
                double turn = points.get(Math.floorMod(i - back, n)).heading - points.get(Math.floorMod(i - back - 1, n)).heading;
                hard &= Math.abs(turn) > TURN_RATE * 0.2;
                oneSide += Math.signum(turn);
            }
            border[i] = hard && Math.abs(oneSide) == BORDER_MIN_COUNT;
        }
        for (int i = 0; i < n; i++) {
            for (int back = 0; back < BORDER_MIN_COUNT; back++) {
                border[Math.floorMod(i - back, n)] |= border[i];
            }
        }
        return border;
    }

    private static List<Quad> quads(List<Point> points, boolean[] border) {
        int n = points.size();
        double[] cos = new double[n];
        double[] sin = new double[n];
        Arrays.setAll(cos, i -> StrictMath.cos(points.get(i).heading));
        Arrays.setAll(sin, i -> StrictMath.sin(points.get(i).heading));
        List<Quad> quads = new ArrayList<>(n + n / 2);
        for (int i = 0; i < n; i++) {
            int before = i == 0 ? n - 1 : i - 1;
            Point p = points.get(i);
            Point q = points.get(before);
            quads.add(new Quad(i, false, strip(p, cos[i], sin[i], q, cos[before], sin[before], -HALF_WIDTH, HALF_WIDTH), TILE_RGB[i % 3]));
            if (border[i]) {
                double side = Math.signum(q.heading - p.heading);
                double[] corners = strip(p, cos[i], sin[i], q, cos[before], sin[before],
                        side * HALF_WIDTH, side * (HALF_WIDTH + BORDER_WIDTH));
                quads.add(new Quad(i, true, corners, i % 2 == 0 ? 0xffffff : 0xff0000));
            }
        }
        return Collections.unmodifiableList(quads);
    }

    /** The quadrilateral from point p to point q between two offsets across the road. */
    private static double[] strip(Point p, double pCos, double pSin, Point q, double qCos, double qSin, double from, double to) {
        return new double[] {
            p.x + from * pCos, p.y + from * pSin,
            p.x + to * pCos, p.y + to * pSin,
            q.x + to * qCos, q.y + to * qSin,
            q.x + from * qCos, q.y + from * qSin};
    }
}
