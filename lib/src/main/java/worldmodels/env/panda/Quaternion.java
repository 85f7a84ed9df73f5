package worldmodels.env.panda;

/** Rotations as unit quaternions (w, x, y, z), in arrays of the caller's; a result may be one of the arguments. */
final class Quaternion {

    private Quaternion() {}

    /** product = a b: the rotation b followed by a. */
    static void multiply(double[] a, double[] b, double[] product) {
        double w = a[0] * b[0] - a[1] * b[1] - a[2] * b[2] - a[3] * b[3];
        double x = a[0] * b[1] + a[1] * b[0] + a[2] * b[3] - a[3] * b[2];
        double y = a[0] * b[2] - a[1] * b[3] + a[2] * b[0] + a[3] * b[1];
        double z = a[0] * b[3] + a[1] * b[2] - a[2] * b[1] + a[3] * b[0];
        product[0] = w;
        product[1] = x;
        product[2] = y;
        product[3] = z;
    }

    /** product = a b^-1. */
    static void divide(double[] a, double[] b, double[] product) {
        double w = a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3];
        double x = -a[0] * b[1] + a[1] * b[0] - a[2] * b[3] + a[3] * b[2];
        double y = -a[0] * b[2] + a[1] * b[3] + a[2] * b[0] - a[3] * b[1];
        double z = -a[0] * b[3] - a[1] * b[2] + a[2] * b[1] + a[3] * b[0];
        product[0] = w;
        product[1] = x;
        product[2] = y;
        product[3] = z;
    }

    /** Turns by an angle about the rotated z axis. */
    static void turnAboutZ(double[] q, double angle) {
        double c = Math.cos(angle / 2);
        double s = Math.sin(angle / 2);
        double w = q[0] * c - q[3] * s;
        double x = q[1] * c + q[2] * s;
        double y = q[2] * c - q[1] * s;
        double z = q[3] * c + q[0] * s;
        q[0] = w;
        q[1] = x;
        q[2] = y;
        q[3] = z;
    }

    /** sum += q v q^-1. */
    static void addRotated(double[] q, double[] v, double[] sum) {
        double tx = 2 * (q[2] * v[2] - q[3] * v[1]);
        double ty = 2 * (q[3] * v[0] - q[1] * v[2]);
        double tz = 2 * (q[1] * v[1] - q[2] * v[0]);
        double x = v[0] + q[0] * tx + q[2] * tz - q[3] * ty;
        double y = v[1] + q[0] * ty + q[3] * tx - q[1] * tz;
        double z = v[2] + q[0] * tz + q[1] * ty - q[2] * tx;
        sum[0] += x;
        sum[1] += y;
        sum[2] += z;
    }

    /** The rotated z axis. */
    static void zAxis(double[] q, double[] axis) {
        axis[0] = 2 * (q[1] * q[3] + q[0] * q[2]);
        axis[1] = 2 * (q[2] * q[3] - q[0] * q[1]);
        axis[2] = 1 - 2 * (q[1] * q[1] + q[2] * q[2]);
    }

    /** vector = axis times angle of the rotation, the angle in [0, pi]. */
    static void rotationVector(double[] q, double[] vector) {
        double sine = Math.sqrt(q[1] * q[1] + q[2] * q[2] + q[3] * q[3]);
        double angle = 2 * Math.atan2(sine, Math.abs(q[0]));
        double scale = sine < 1e-300 ? 0 : (q[0] < 0 ? -angle : angle) / sine;
        vector[0] = scale * q[1];
        vector[1] = scale * q[2];
        vector[2] = scale * q[3];
    }
}
