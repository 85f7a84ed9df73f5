package worldmodels.env.carracing;

/**
 * Whether two convex polygons touch: the distance algorithm of Gilbert, Johnson and Keerthi in float32 with Box2D's start, support order
 * and end, so that a contact begins in the same step as in the original. Reused for all tests, so that none allocates.
 */
final class Overlap {

    private static final int MOST_ITERATIONS = 20;
    private static final float EPSILON = 1.1920929e-7f;
    private static final float SKIN = Polygon.RADIUS + Polygon.RADIUS;

    /** A corner of the simplex: corners of both polygons, their difference b - a, and its weight in the closest point. */
    private static final class Vertex {
        int indexA;
        int indexB;
        float ax;
        float ay;
        float bx;
        float by;
        float x;
        float y;
        float weight;
    }

    private Vertex v1 = new Vertex();
    private Vertex v2 = new Vertex();
    private Vertex v3 = new Vertex();
    private int count;

    /**
     * @param a    a polygon in world coordinates
     * @param b    a polygon in the coordinates of a body
     * @param body gives b's place and rotation
     */
    boolean test(Polygon a, Polygon b, RigidBody body) {
        set(v1, a, 0, b, 0, body);
        v1.weight = 1;
        count = 1;
        for (int iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
            int saved = count;
            int a1 = v1.indexA;
            int b1 = v1.indexB;
            int a2 = v2.indexA;
            int b2 = v2.indexB;
            int a3 = v3.indexA;
            int b3 = v3.indexB;
            if (count == 2) {
                reduceSegment();
            } else if (count == 3) {
                reduceTriangle();
            }
            if (count == 3) {
                break;
            }
            float dx;
            float dy;
            if (count == 1) {
                dx = -v1.x;
                dy = -v1.y;
            } else {
                float ex = v2.x - v1.x;
                float ey = v2.y - v1.y;
                boolean originIsLeft = ex * -v1.y - ey * -v1.x > 0;
                dx = originIsLeft ? -ey : ey;
                dy = originIsLeft ? ex : -ex;
            }
            if (dx * dx + dy * dy < EPSILON * EPSILON) {
                break;
            }
            int nextA = a.support(-dx, -dy);
            int nextB = b.support(body.cos * dx + body.sin * dy, -body.sin * dx + body.cos * dy);
            set(count == 1 ? v2 : v3, a, nextA, b, nextB, body);
            boolean seen = nextA == a1 && nextB == b1
                    || saved > 1 && nextA == a2 && nextB == b2
                    || saved > 2 && nextA == a3 && nextB == b3;
            if (seen) {
                break;
            }
            count++;
        }
        float distance = distance();
        boolean apart = distance > SKIN && distance > EPSILON;
        return !apart || distance - SKIN < 10 * EPSILON;
    }

    private static void set(Vertex v, Polygon a, int indexA, Polygon b, int indexB, RigidBody body) {
        v.indexA = indexA;
        v.indexB = indexB;
        v.ax = a.x[indexA];
        v.ay = a.y[indexA];
        v.bx = body.cos * b.x[indexB] - body.sin * b.y[indexB] + body.originX;
        v.by = body.sin * b.x[indexB] + body.cos * b.y[indexB] + body.originY;
        v.x = v.bx - v.ax;
        v.y = v.by - v.ay;
    }

    private float distance() {
        if (count == 3) {
            return 0;
        }
        float ax = v1.ax;
        float ay = v1.ay;
        float bx = v1.bx;
        float by = v1.by;
        if (count == 2) {
            ax = v1.weight * v1.ax + v2.weight * v2.ax;
            ay = v1.weight * v1.ay + v2.weight * v2.ay;
            bx = v1.weight * v1.bx + v2.weight * v2.bx;
            by = v1.weight * v1.by + v2.weight * v2.by;
        }
        float dx = ax - bx;
        float dy = ay - by;
        return (float) Math.sqrt(dx * dx + dy * dy);
    }

    /** Keeps the part of a segment that is nearest to the origin. */
    private void reduceSegment() {
        float ex = v2.x - v1.x;
        float ey = v2.y - v1.y;
        float toSecond = -(v1.x * ex + v1.y * ey);
        if (toSecond <= 0) {
            keepFirst();
            return;
        }
        float toFirst = v2.x * ex + v2.y * ey;
        if (toFirst <= 0) {
            swapFirstTwo();
            keepFirst();
            return;
        }
        keepSegment(toFirst, toSecond);
    }

    /** Keeps the part of a triangle that is nearest to the origin, by the regions of its corners and edges. */
    private void reduceTriangle() {
        float e12x = v2.x - v1.x;
        float e12y = v2.y - v1.y;
        float t12first = v2.x * e12x + v2.y * e12y;
        float t12second = -(v1.x * e12x + v1.y * e12y);
        float e13x = v3.x - v1.x;
        float e13y = v3.y - v1.y;
        float t13first = v3.x * e13x + v3.y * e13y;
        float t13third = -(v1.x * e13x + v1.y * e13y);
        float e23x = v3.x - v2.x;
        float e23y = v3.y - v2.y;
        float t23second = v3.x * e23x + v3.y * e23y;
        float t23third = -(v2.x * e23x + v2.y * e23y);
        float area = e12x * e13y - e12y * e13x;
        float inFirst = area * (v2.x * v3.y - v2.y * v3.x);
        float inSecond = area * (v3.x * v1.y - v3.y * v1.x);
        float inThird = area * (v1.x * v2.y - v1.y * v2.x);

        if (t12second <= 0 && t13third <= 0) {
            keepFirst();
        } else if (t12first > 0 && t12second > 0 && inThird <= 0) {
            keepSegment(t12first, t12second);
        } else if (t13first > 0 && t13third > 0 && inSecond <= 0) {
            swapLastTwo();
            keepSegment(t13first, t13third);
        } else if (t12first <= 0 && t23third <= 0) {
            swapFirstTwo();
            keepFirst();
        } else if (t13first <= 0 && t23second <= 0) {
            swapOuterTwo();
            keepFirst();
        } else if (t23second > 0 && t23third > 0 && inFirst <= 0) {
            swapOuterTwo();
            keepSegment(t23third, t23second);
        } else {
            count = 3;
        }
    }

    private void keepFirst() {
        v1.weight = 1;
        count = 1;
    }

    private void keepSegment(float toFirst, float toSecond) {
        float inverse = 1 / (toFirst + toSecond);
        v1.weight = toFirst * inverse;
        v2.weight = toSecond * inverse;
        count = 2;
    }

    private void swapFirstTwo() {
        Vertex v = v1;
        v1 = v2;
        v2 = v;
    }

    private void swapLastTwo() {
        Vertex v = v2;
        v2 = v3;
        v3 = v;
    }

    private void swapOuterTwo() {
        Vertex v = v1;
        v1 = v3;
        v3 = v;
    }
}
