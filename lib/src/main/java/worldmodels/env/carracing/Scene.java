package worldmodels.env.carracing;

/**
 * What the picture shows of one moment: filled by {@link CarRacing} before each drawing and reused, so that drawing allocates nothing.
 * Metres, seconds, radians; y up; wheels in the order front left, front right, rear left, rear right.
 */
final class Scene {

    static final int WHEELS = 4;

    /** Body origin of the hull, not its centre of mass. */
    double hullX;
    double hullY;
    /** 0 means the car points to +y; positive is counter-clockwise. */
    double hullAngle;

    /** Velocity of the hull's centre of mass. */
    double hullVx;
    double hullVy;
    double hullOmega;

    /** Time after the step, which sets the zoom. */
    double time;

    final double[] wheelX = new double[WHEELS];
    final double[] wheelY = new double[WHEELS];
    final double[] wheelAngle = new double[WHEELS];
    /** Rolling speed, rad/s. */
    final double[] wheelOmega = new double[WHEELS];
    /** Rolling angle, which places the stripe. */
    final double[] wheelPhase = new double[WHEELS];

    double frontLeftJointAngle;

    /** The accumulated reward as drawn: this step's tiles are in it, this step's -0.1 is not. */
    double score;
}
