package worldmodels.env.carracing;

/**
 * A dynamic body in float32, as Box2D 2.3 keeps it: it moves its centre of mass and its angle, and derives the place of its origin.
 * Metres, seconds, kilograms, radians.
 */
final class RigidBody {

    private static final float MOST_TRANSLATION = 2;
    private static final float MOST_TRANSLATION_SQUARED = MOST_TRANSLATION * MOST_TRANSLATION;
    private static final float MOST_ROTATION = 0.5f * 3.14159265359f;
    private static final float MOST_ROTATION_SQUARED = MOST_ROTATION * MOST_ROTATION;
    private static final float LINEAR_SLEEP_SQUARED = 0.01f * 0.01f;
    private static final float ANGULAR_SLEEP = 2.0f / 180.0f * 3.14159265359f;
    private static final float ANGULAR_SLEEP_SQUARED = ANGULAR_SLEEP * ANGULAR_SLEEP;

    final Polygon[] shapes;
    final float mass;
    final float inverseMass;
    final float inverseInertia;
    final float localCentreX;
    final float localCentreY;

    float centreX;
    float centreY;
    float angle;
    float vx;
    float vy;
    float omega;

    float originX;
    float originY;
    float sin;
    float cos;

    /** Force at the centre of mass during the next step. */
    float forceX;
    float forceY;

    private float stillTime;

    RigidBody(float density, Polygon... shapes) {
        this.shapes = shapes;
        float massSum = 0;
        float centreSumX = 0;
        float centreSumY = 0;
        float inertia = 0;
        // Box2D lists the newest shape first; float32 sums depend on the order.
        for (int s = shapes.length - 1; s >= 0; s--) {
            MassOf part = new MassOf(shapes[s], density);
            massSum += part.mass;
            centreSumX += part.mass * part.centreX;
            centreSumY += part.mass * part.centreY;
            inertia += part.inertia;
        }
        mass = massSum;
        inverseMass = 1 / mass;
        localCentreX = centreSumX * inverseMass;
        localCentreY = centreSumY * inverseMass;
        inertia -= mass * (localCentreX * localCentreX + localCentreY * localCentreY);
        inverseInertia = 1 / inertia;
    }

    /** Puts the body at rest with its origin at a place. */
    void place(double x, double y, double newAngle) {
        originX = (float) x;
        originY = (float) y;
        angle = (float) newAngle;
        rotate();
        centreX = cos * localCentreX - sin * localCentreY + originX;
        centreY = sin * localCentreX + cos * localCentreY + originY;
        stop();
        stillTime = 0;
    }

    void applyForcesFor(float dt) {
        vx += dt * (inverseMass * forceX);
        vy += dt * (inverseMass * forceY);
        forceX = 0;
        forceY = 0;
    }

    /** Moves by the velocity, which is cut where it would move or turn too far in one step. */
    void moveFor(float dt) {
        float dx = dt * vx;
        float dy = dt * vy;
        float squared = dx * dx + dy * dy;
        if (squared > MOST_TRANSLATION_SQUARED) {
            float ratio = MOST_TRANSLATION / (float) Math.sqrt(squared);
            vx *= ratio;
            vy *= ratio;
        }
        float turn = dt * omega;
        if (turn * turn > MOST_ROTATION_SQUARED) {
            omega *= MOST_ROTATION / Math.abs(turn);
        }
        centreX += dt * vx;
        centreY += dt * vy;
        angle += dt * omega;
    }

    /** Derives the origin from centre and angle. */
    void settle() {
        rotate();
        originX = centreX - (cos * localCentreX - sin * localCentreY);
        originY = centreY - (sin * localCentreX + cos * localCentreY);
    }

    /** @return for how long the body has hardly moved */
    float countStillTime(float dt) {
        boolean moves = omega * omega > ANGULAR_SLEEP_SQUARED || vx * vx + vy * vy > LINEAR_SLEEP_SQUARED;
        stillTime = moves ? 0 : stillTime + dt;
        return stillTime;
    }

    /** Falls asleep: the car's motors wake it again at once, but its remaining velocity is gone. */
    void sleep() {
        stop();
        stillTime = 0;
    }

    private void stop() {
        vx = 0;
        vy = 0;
        omega = 0;
        forceX = 0;
        forceY = 0;
    }

    private void rotate() {
        sin = sin(angle);
        cos = cos(angle);
    }

    static float sin(float angle) {
        return FloatSine.sin(angle);
    }

    static float cos(float angle) {
        return FloatSine.cos(angle);
    }

    /** Mass, centre and inertia about the body's origin of one shape, by fans of triangles round the mean of its corners. */
    private static final class MassOf {

        private static final float THIRD = 1.0f / 3.0f;

        final float mass;
        final float centreX;
        final float centreY;
        final float inertia;

        MassOf(Polygon shape, float density) {
            float meanX = 0;
            float meanY = 0;
            for (int i = 0; i < shape.count; i++) {
                meanX += shape.x[i];
                meanY += shape.y[i];
            }
            meanX *= 1.0f / shape.count;
            meanY *= 1.0f / shape.count;
            float area = 0;
            float cx = 0;
            float cy = 0;
            float about = 0;
            for (int i = 0; i < shape.count; i++) {
                int j = i + 1 < shape.count ? i + 1 : 0;
                float ax = shape.x[i] - meanX;
                float ay = shape.y[i] - meanY;
                float bx = shape.x[j] - meanX;
                float by = shape.y[j] - meanY;
                float cross = ax * by - ay * bx;
                float triangle = 0.5f * cross;
                area += triangle;
                cx += triangle * THIRD * (ax + bx);
                cy += triangle * THIRD * (ay + by);
                float squaresX = ax * ax + bx * ax + bx * bx;
                float squaresY = ay * ay + by * ay + by * by;
                about += 0.25f * THIRD * cross * (squaresX + squaresY);
            }
            mass = density * area;
            cx *= 1.0f / area;
            cy *= 1.0f / area;
            centreX = cx + meanX;
            centreY = cy + meanY;
            inertia = density * about + mass * (centreX * centreX + centreY * centreY - (cx * cx + cy * cy));
        }
    }
}
