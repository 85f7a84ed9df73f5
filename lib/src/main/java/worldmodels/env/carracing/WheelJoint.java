package worldmodels.env.carracing;

/**
 * The revolute joint between hull and wheel, with motor and limits: Box2D 2.3's sequential impulses in float32, in its order of
 * operations. The wheel's anchor is its centre of mass, so the terms with the wheel's lever arm are zero and left out.
 */
final class WheelJoint {

    private static final float LIMIT = 0.4f;
    private static final float MOST_TORQUE = (float) (180 * 900 * 0.02 * 0.02);
    private static final float LINEAR_SLOP = 0.005f;
    private static final float ANGULAR_SLOP = 2.0f / 180.0f * 3.14159265359f;
    private static final float MOST_ANGULAR_CORRECTION = 8.0f / 180.0f * 3.14159265359f;

    private enum Limit { FREE, AT_LOWER, AT_UPPER }

    private final RigidBody hull;
    private final RigidBody wheel;
    /** The anchor on the hull, from the hull's centre of mass. */
    private final float leverX;
    private final float leverY;
    private final float motorMass;

    float motorSpeed;

    // Impulses of the last step, with which the next one starts.
    private float impulseX;
    private float impulseY;
    private float limitImpulse;
    private float motorImpulse;
    private Limit limit = Limit.FREE;

    // Of the current step.
    private float rx;
    private float ry;
    private float kxx;
    private float kxy;
    private float kyy;
    private float kxa;
    private float kya;
    private float inverseDeterminant;
    private float mostMotorImpulse;

    WheelJoint(RigidBody hull, double anchorX, double anchorY, RigidBody wheel) {
        if (wheel.localCentreX != 0 || wheel.localCentreY != 0) {
            throw new IllegalArgumentException("the wheel's centre of mass must be its origin");
        }
        this.hull = hull;
        this.wheel = wheel;
        leverX = (float) anchorX - hull.localCentreX;
        leverY = (float) anchorY - hull.localCentreY;
        motorMass = 1 / (hull.inverseInertia + wheel.inverseInertia);
    }

    void reset() {
        motorSpeed = 0;
        impulseX = 0;
        impulseY = 0;
        limitImpulse = 0;
        motorImpulse = 0;
        limit = Limit.FREE;
    }

    /** Steering angle: positive is to the left. */
    float angle() {
        return wheel.angle - hull.angle;
    }

    /** Builds the step's matrix and applies the last step's impulses. */
    void prepare(float dt) {
        float mA = hull.inverseMass;
        float mB = wheel.inverseMass;
        float iA = hull.inverseInertia;
        float sin = RigidBody.sin(hull.angle);
        float cos = RigidBody.cos(hull.angle);
        rx = cos * leverX - sin * leverY;
        ry = sin * leverX + cos * leverY;
        kxx = mA + mB + ry * ry * iA;
        kxy = -ry * rx * iA;
        kyy = mA + mB + rx * rx * iA;
        kxa = -ry * iA;
        kya = rx * iA;
        inverseDeterminant = 1 / (kxx * kyy - kxy * kxy);
        mostMotorImpulse = dt * MOST_TORQUE;

        float angle = angle();
        Limit now = angle <= -LIMIT ? Limit.AT_LOWER : angle >= LIMIT ? Limit.AT_UPPER : Limit.FREE;
        if (now != limit || now == Limit.FREE) {
            limitImpulse = 0;
        }
        limit = now;

        hull.vx -= mA * impulseX;
        hull.vy -= mA * impulseY;
        hull.omega -= iA * (rx * impulseY - ry * impulseX + motorImpulse + limitImpulse);
        wheel.vx += mB * impulseX;
        wheel.vy += mB * impulseY;
        wheel.omega += wheel.inverseInertia * (motorImpulse + limitImpulse);
    }

    /**
     * One iteration of motor, limit and point constraint.
     *
     * @return whether it changed any velocity or impulse
     */
    boolean solveVelocity() {
        RigidBody a = hull;
        RigidBody b = wheel;
        float iA = a.inverseInertia;
        float iB = b.inverseInertia;
        float mA = a.inverseMass;
        float mB = b.inverseMass;
        float wA0 = a.omega;
        float wB0 = b.omega;
        float motor0 = motorImpulse;
        float motor = motor0 + -motorMass * (wB0 - wA0 - motorSpeed);
        motor = Math.max(-mostMotorImpulse, Math.min(motor, mostMotorImpulse));
        float change = motor - motor0;
        motorImpulse = motor;
        float wA = wA0 - iA * change;
        float wB = wB0 + iB * change;

        if (limit != Limit.FREE) {
            a.omega = wA;
            b.omega = wB;
            return solveAtLimit();
        }

        float cx = b.vx - a.vx + wA * ry;
        float cy = b.vy - a.vy - wA * rx;
        float px = inverseDeterminant * (kyy * -cx - kxy * -cy);
        float py = inverseDeterminant * (kxx * -cy - kxy * -cx);
        float ix = impulseX + px;
        float iy = impulseY + py;
        float vAx = a.vx - mA * px;
        float vAy = a.vy - mA * py;
        wA -= iA * (rx * py - ry * px);
        float vBx = b.vx + mB * px;
        float vBy = b.vy + mB * py;
        boolean changed = motor != motor0 || ix != impulseX || iy != impulseY
                || vAx != a.vx || vAy != a.vy || wA != wA0 || vBx != b.vx || vBy != b.vy || wB != wB0;
        impulseX = ix;
        impulseY = iy;
        a.vx = vAx;
        a.vy = vAy;
        a.omega = wA;
        b.vx = vBx;
        b.vy = vBy;
        b.omega = wB;
        return changed;
    }

    /** Point constraint and limit together (3 x 3); where that would pull the wheel into its limit, the point constraint alone. */
    private boolean solveAtLimit() {
        float mA = hull.inverseMass;
        float mB = wheel.inverseMass;
        float iA = hull.inverseInertia;
        float iB = wheel.inverseInertia;
        float kaa = iA + iB;
        float cx = wheel.vx - hull.vx + hull.omega * ry;
        float cy = wheel.vy - hull.vy - hull.omega * rx;
        float ca = wheel.omega - hull.omega;

        // Cramer's rule with the columns ex = (kxx, kxy, kxa), ey = (kxy, kyy, kya), ez = (kxa, kya, kaa).
        float eyzX = kyy * kaa - kya * kya;
        float eyzY = kya * kxa - kxy * kaa;
        float eyzZ = kxy * kya - kyy * kxa;
        float determinant = kxx * eyzX + kxy * eyzY + kxa * eyzZ;
        if (determinant != 0) {
            determinant = 1 / determinant;
        }
        float px = -(determinant * (cx * eyzX + cy * eyzY + ca * eyzZ));
        float py = -(determinant * (kxx * (cy * kaa - ca * kya) + kxy * (ca * kxa - cx * kaa) + kxa * (cx * kya - cy * kxa)));
        float pa = -(determinant * (kxx * (kyy * ca - kya * cy) + kxy * (kya * cx - kxy * ca) + kxa * (kxy * cy - kyy * cx)));

        float sum = limitImpulse + pa;
        boolean pulls = limit == Limit.AT_LOWER ? sum < 0 : sum > 0;
        if (pulls) {
            float bx = -cx + limitImpulse * kxa;
            float by = -cy + limitImpulse * kya;
            px = inverseDeterminant * (kyy * bx - kxy * by);
            py = inverseDeterminant * (kxx * by - kxy * bx);
            pa = -limitImpulse;
            limitImpulse = 0;
        } else {
            limitImpulse = sum;
        }
        impulseX += px;
        impulseY += py;
        hull.vx -= mA * px;
        hull.vy -= mA * py;
        hull.omega -= iA * (rx * py - ry * px + pa);
        wheel.vx += mB * px;
        wheel.vy += mB * py;
        wheel.omega += iB * pa;
        return true;
    }

    /**
     * One iteration that moves the bodies until the joint holds.
     *
     * @return whether the error was already within Box2D's slop
     */
    boolean solvePosition() {
        float mA = hull.inverseMass;
        float mB = wheel.inverseMass;
        float iA = hull.inverseInertia;
        float angularError = 0;
        if (limit != Limit.FREE) {
            float correction;
            if (limit == Limit.AT_LOWER) {
                float c = angle() + LIMIT;
                angularError = -c;
                correction = clamp(c + ANGULAR_SLOP, -MOST_ANGULAR_CORRECTION, 0);
            } else {
                float c = angle() - LIMIT;
                angularError = c;
                correction = clamp(c - ANGULAR_SLOP, 0, MOST_ANGULAR_CORRECTION);
            }
            float impulse = -motorMass * correction;
            hull.angle -= iA * impulse;
            wheel.angle += wheel.inverseInertia * impulse;
        }
        float sin = RigidBody.sin(hull.angle);
        float cos = RigidBody.cos(hull.angle);
        float x = cos * leverX - sin * leverY;
        float y = sin * leverX + cos * leverY;
        float cx = wheel.centreX - hull.centreX - x;
        float cy = wheel.centreY - hull.centreY - y;
        float positionError = (float) Math.sqrt(cx * cx + cy * cy);
        float k11 = mA + mB + iA * y * y;
        float k12 = -iA * x * y;
        float k22 = mA + mB + iA * x * x;
        float determinant = k11 * k22 - k12 * k12;
        if (determinant != 0) {
            determinant = 1 / determinant;
        }
        float px = -(determinant * (k22 * cx - k12 * cy));
        float py = -(determinant * (k11 * cy - k12 * cx));
        hull.centreX -= mA * px;
        hull.centreY -= mA * py;
        hull.angle -= iA * (x * py - y * px);
        wheel.centreX += mB * px;
        wheel.centreY += mB * py;
        return positionError <= LINEAR_SLOP && angularError <= ANGULAR_SLOP;
    }

    private static float clamp(float value, float low, float high) {
        return Math.max(low, Math.min(value, high));
    }
}
