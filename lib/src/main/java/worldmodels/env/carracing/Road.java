package worldmodels.env.carracing;

import java.util.List;

/**
 * The track's tiles as contact sensors: which tiles each wheel touches, which tiles have been visited, and which have lost their first
 * colour. A tile touches a shape from a gap of about 0.02 m, the skins of both.
 */
final class Road {

    private static final int TOUCHED_RGB = 0x666666;
    private static final float MARGIN = 0.05f;
    /** The reach of a wheel from its centre. */
    private static final float WHEEL_REACH = 0.61f;

    /** Corners of each drawn polygon, and their present colours. */
    final double[][] quads;
    final int[] rgb;

    private final int tileCount;
    private final Polygon[] tiles;
    private final int[] quadOfTile;
    private final float[] minX;
    private final float[] minY;
    private final float[] maxX;
    private final float[] maxY;
    private final boolean[] visited;
    private final boolean[] recoloured;

    /** Number of tiles under each wheel. */
    final int[] tilesUnderWheel = new int[Car.WHEELS];
    private int tilesVisited;

    private final int[] near;
    private int nearCount;
    private final Overlap overlap = new Overlap();

    Road(Track track) {
        List<Track.Quad> drawn = track.quads();
        tileCount = track.size();
        quads = new double[drawn.size()][];
        rgb = new int[drawn.size()];
        tiles = new Polygon[tileCount];
        quadOfTile = new int[tileCount];
        minX = new float[tileCount];
        minY = new float[tileCount];
        maxX = new float[tileCount];
        maxY = new float[tileCount];
        visited = new boolean[tileCount];
        recoloured = new boolean[tileCount];
        near = new int[tileCount];
        for (int q = 0; q < quads.length; q++) {
            Track.Quad quad = drawn.get(q);
            quads[q] = quad.corners();
            rgb[q] = quad.rgb();
            if (!quad.border()) {
                quadOfTile[quad.tile()] = q;
                addTile(quad.tile(), new Polygon(quad.corners()));
            }
        }
    }

    private void addTile(int i, Polygon tile) {
        tiles[i] = tile;
        minX[i] = Float.POSITIVE_INFINITY;
        minY[i] = Float.POSITIVE_INFINITY;
        maxX[i] = Float.NEGATIVE_INFINITY;
        maxY[i] = Float.NEGATIVE_INFINITY;
        for (int c = 0; c < tile.count; c++) {
            minX[i] = Math.min(minX[i], tile.x[c] - MARGIN);
            minY[i] = Math.min(minY[i], tile.y[c] - MARGIN);
            maxX[i] = Math.max(maxX[i], tile.x[c] + MARGIN);
            maxY[i] = Math.max(maxY[i], tile.y[c] + MARGIN);
        }
    }

    int tilesVisited() {
        return tilesVisited;
    }

    /**
     * Updates all contacts from where the car is now.
     *
     * @return the number of tiles that a wheel touched for the first time
     */
    int touch(Car car) {
        findNear(car.hull.originX, car.hull.originY);
        int before = tilesVisited;
        for (int w = 0; w < Car.WHEELS; w++) {
            RigidBody wheel = car.wheels[w];
            int touching = 0;
            for (int n = 0; n < nearCount; n++) {
                int tile = near[n];
                if (mayTouch(tile, wheel.originX, wheel.originY, WHEEL_REACH) && overlap.test(tiles[tile], wheel.shapes[0], wheel)) {
                    touching++;
                    visit(tile);
                }
            }
            tilesUnderWheel[w] = touching;
        }
        for (int n = 0; n < nearCount; n++) {
            int tile = near[n];
            if (!recoloured[tile] && touchesHull(tile, car.hull)) {
                recolour(tile);
            }
        }
        return tilesVisited - before;
    }

    private void findNear(float x, float y) {
        nearCount = 0;
        for (int i = 0; i < tileCount; i++) {
            if (mayTouch(i, x, y, Car.REACH)) {
                near[nearCount++] = i;
            }
        }
    }

    private boolean mayTouch(int tile, float x, float y, float reach) {
        return x + reach >= minX[tile] && x - reach <= maxX[tile] && y + reach >= minY[tile] && y - reach <= maxY[tile];
    }

    private boolean touchesHull(int tile, RigidBody hull) {
        for (Polygon shape : hull.shapes) {
            if (overlap.test(tiles[tile], shape, hull)) {
                return true;
            }
        }
        return false;
    }

    private void visit(int tile) {
        if (!visited[tile]) {
            visited[tile] = true;
            tilesVisited++;
            recolour(tile);
        }
    }

    private void recolour(int tile) {
        recoloured[tile] = true;
        rgb[quadOfTile[tile]] = TOUCHED_RGB;
    }
}
