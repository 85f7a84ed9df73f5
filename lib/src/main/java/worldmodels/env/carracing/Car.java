package worldmodels.env.carracing;

/**
 * The car: a hull, four wheels on motorised joints, and the tyre model that turns steering, gas and brake into forces. The tyre model
 * works in double on the bodies' float32 state, the bodies move in float32, both as in Gymnasium's {@code car_dynamics} over Box2D 2.3.
 * Wheels in the order front left, front right, rear left, rear right.
 */
final class Car {

    static final int WHEELS = Scene.WHEELS;
    /** No part of the car is ever farther from the hull's origin, in metres. */
    static final float REACH = 3.3f;

    private static final double SIZE = 0.02;
    private static final double ENGINE_POWER = 100000000 * SIZE * SIZE;
    private static final double WHEEL_INERTIA = 4000 * SIZE * SIZE;
    private static final double ROAD_GRIP = 1000000 * SIZE * SIZE;
    private static final double GRASS_GRIP = ROAD_GRIP * 0.6;
    private static final double SLIP_TO_FORCE = 205000 * SIZE * SIZE;
    private static final double WHEEL_RADIUS = 27 * SIZE;
    private static final double BRAKE_PER_STEP = 15;
    private static final double LOCKING_BRAKE = 0.9;

    private static final double TIME_STEP = 1.0 / 50;
    private static final float DT = (float) TIME_STEP;
    private static final int VELOCITY_ITERATIONS = 180;
    private static final int POSITION_ITERATIONS = 60;
    private static final float TIME_TO_SLEEP = 0.5f;

    private static final double[] WHEEL_X = {-55, 55, -55, 55};
    private static final double[] WHEEL_Y = {80, 80, -82, -82};

    final RigidBody hull = new RigidBody(1,
            Polygon.scaled(SIZE, -60, 130, 60, 130, 60, 110, -60, 110),
            Polygon.scaled(SIZE, -15, 120, 15, 120, 20, 20, -20, 20),
            Polygon.scaled(SIZE, 25, 20, 50, -10, 50, -40, 20, -90, -20, -90, -50, -40, -50, -10, -25, 20),
            Polygon.scaled(SIZE, -50, -120, 50, -120, 50, -90, -50, -90));
    final RigidBody[] wheels = new RigidBody[WHEELS];
    final WheelJoint[] joints = new WheelJoint[WHEELS];
    /** Box2D's island begins at the newest wheel; the order in which joints are solved shapes the result. */
    private final WheelJoint[] islandOrder;

    /** Rolling speed (rad/s) and rolling angle of each wheel. */
    final double[] omega = new double[WHEELS];
    final double[] phase = new double[WHEELS];

    private final double[] gas = new double[WHEELS];
    private double brake;
    private double steer;

    Car() {
        for (int i = 0; i < WHEELS; i++) {
            wheels[i] = new RigidBody(0.1f, Polygon.scaled(SIZE, -14, 27, 14, 27, 14, -27, -14, -27));
            joints[i] = new WheelJoint(hull, WHEEL_X[i] * SIZE, WHEEL_Y[i] * SIZE, wheels[i]);
        }
        islandOrder = new WheelJoint[] {joints[3], joints[2], joints[1], joints[0]};
    }

    /**
     * A new car at rest. The wheels' places are not turned with the hull, a quirk of the original: the joints pull them round in the
     * first step, which turns the hull a little.
     */
    void place(double x, double y, double heading) {
        hull.place(x, y, heading);
        for (int i = 0; i < WHEELS; i++) {
            wheels[i].place(x + WHEEL_X[i] * SIZE, y + WHEEL_Y[i] * SIZE, heading);
            joints[i].reset();
            omega[i] = 0;
            phase[i] = 0;
            gas[i] = 0;
        }
        brake = 0;
        steer = 0;
    }

    /** Sets the controls: steering to the left is positive here; gas rises by at most 0.1 per call, falls at once and drives the rear. */
    void control(double newSteer, double newGas, double newBrake) {
        steer = newSteer;
        brake = newBrake;
        double wanted = Math.max(0, Math.min(1, newGas));
        for (int i = 2; i < WHEELS; i++) {
            gas[i] += Math.min(wanted - gas[i], 0.1);
        }
    }

    /** Sets the motors and the tyres' forces for the next {@link #move}, from the present motion and grip. */
    void drive(int[] tilesUnderWheel) {
        for (int i = 0; i < WHEELS; i++) {
            drive(i, tilesUnderWheel[i] > 0 ? ROAD_GRIP : GRASS_GRIP);
        }
    }

    private void drive(int i, double grip) {
        RigidBody wheel = wheels[i];
        double target = i < 2 ? steer : 0;
        double off = target - joints[i].angle();
        joints[i].motorSpeed = (float) (Math.signum(off) * Math.min(50.0 * Math.abs(off), 3.0));

        double forwardX = -wheel.sin;
        double forwardY = wheel.cos;
        double sideX = wheel.cos;
        double sideY = wheel.sin;
        double forwardSpeed = forwardX * wheel.vx + forwardY * wheel.vy;
        double sideSpeed = sideX * wheel.vx + sideY * wheel.vy;

        double spin = omega[i];
        spin += TIME_STEP * ENGINE_POWER * gas[i] / WHEEL_INERTIA / (Math.abs(spin) + 5.0);
        if (brake >= LOCKING_BRAKE) {
            spin = 0;
        } else if (brake > 0) {
            spin += -Math.signum(spin) * Math.min(BRAKE_PER_STEP * brake, Math.abs(spin));
        }
        phase[i] += spin * TIME_STEP;

        double forward = (-forwardSpeed + spin * WHEEL_RADIUS) * SLIP_TO_FORCE;
        double side = -sideSpeed * SLIP_TO_FORCE;
        double force = Math.sqrt(forward * forward + side * side);
        if (force > grip) {
            forward = forward / force * grip;
            side = side / force * grip;
        }
        omega[i] = spin - TIME_STEP * forward * WHEEL_RADIUS / WHEEL_INERTIA;
        wheel.forceX = (float) (side * sideX + forward * forwardX);
        wheel.forceY = (float) (side * sideY + forward * forwardY);
    }

    /** Moves the bodies by one time step. */
    void move() {
        for (RigidBody wheel : wheels) {
            wheel.applyForcesFor(DT);
        }
        for (WheelJoint joint : islandOrder) {
            joint.prepare(DT);
        }
        solveVelocities();
        hull.moveFor(DT);
        for (RigidBody wheel : wheels) {
            wheel.moveFor(DT);
        }
        boolean solved = solvePositions();
        hull.settle();
        for (RigidBody wheel : wheels) {
            wheel.settle();
        }
        sleepIfStill(solved);
    }

    /** Box2D does 180 rounds. A round that changed nothing is followed by rounds that change nothing, so these are left out. */
    private void solveVelocities() {
        for (int round = 0; round < VELOCITY_ITERATIONS; round++) {
            boolean changed = false;
            for (WheelJoint joint : islandOrder) {
                changed |= joint.solveVelocity();
            }
            if (!changed) {
                return;
            }
        }
    }

    private boolean solvePositions() {
        for (int round = 0; round < POSITION_ITERATIONS; round++) {
            boolean solved = true;
            for (WheelJoint joint : islandOrder) {
                solved &= joint.solvePosition();
            }
            if (solved) {
                return true;
            }
        }
        return false;
    }

    /** Half a second of near rest puts the bodies to sleep, which takes their last velocity. */
    private void sleepIfStill(boolean solved) {
        float least = hull.countStillTime(DT);
        for (RigidBody wheel : wheels) {
            least = Math.min(least, wheel.countStillTime(DT));
        }
        if (least >= TIME_TO_SLEEP && solved) {
            hull.sleep();
            for (RigidBody wheel : wheels) {
                wheel.sleep();
            }
        }
    }
}
