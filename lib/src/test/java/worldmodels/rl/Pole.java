package worldmodels.rl;

import java.nio.ByteBuffer;
import worldmodels.env.Environment;
import worldmodels.env.Space;
import worldmodels.env.Transition;
import worldmodels.random.Pcg64;

/**
 * A pendulum held upright, near enough to there to be linear: angle' = angle + speed / 5, speed' = speed + angle / 5 + torque / 5, with reward
 * -(angle² + speed² / 10 + torque² / 100), cut off after 40 steps. What is best, Riccati's equation says.
 */
final class Pole implements Environment {

    private static final double DT = 0.2;
    private static final double[][] A = {{1, DT}, {DT, 1}};
    private static final double[] B = {0, DT};
    private static final double[] COST = {1, 0.1, 0.01};

    private double angle;
    private double speed;
    private int steps;

    /** The gain k of the best torque -k·(angle, speed) with this discount. */
    static double[] gain(double discount) {
        double[][] p = {{COST[0], 0}, {0, COST[1]}};
        double[] k = new double[2];
        for (int i = 0; i < 2000; i++) {
            double[] bp = {B[0] * p[0][0] + B[1] * p[1][0], B[0] * p[0][1] + B[1] * p[1][1]};
            double scale = COST[2] + discount * (bp[0] * B[0] + bp[1] * B[1]);
            for (int j = 0; j < 2; j++) {
                k[j] = discount * (bp[0] * A[0][j] + bp[1] * A[1][j]) / scale;
            }
            double[][] q = new double[2][2];
            for (int r = 0; r < 2; r++) {
                for (int c = 0; c < 2; c++) {
                    double sum = r == c ? COST[r] : 0;
                    for (int m = 0; m < 2; m++) {
                        for (int n = 0; n < 2; n++) {
                            sum += discount * A[m][r] * p[m][n] * (A[n][c] - B[n] * k[c]);
                        }
                    }
                    q[r][c] = sum;
                }
            }
            p = q;
        }
        return k;
    }

    /** The return of an episode that is held by this gain. */
    static double held(double[] k, long seed) {
        Pole pole = new Pole();
        pole.reset(seed);
        double sum = 0;
        Transition transition;
        do {
            transition = pole.step(new double[] {Math.clamp(-k[0] * pole.angle - k[1] * pole.speed, -5, 5)});
            sum += transition.reward();
        } while (!transition.ended());
        return sum;
    }

    @Override
    public Space observationSpace() {
        return Space.vector(new double[] {-100, -100}, new double[] {100, 100});
    }

    @Override
    public Space actionSpace() {
        return Space.vector(new double[] {-5}, new double[] {5});
    }

    @Override
    public void reset(long seed) {
        Pcg64 random = Pcg64.seeded(seed);
        angle = random.uniform(-1, 1);
        speed = random.uniform(-1, 1);
        steps = 0;
    }

    @Override
    public Transition step(double[] action) {
        double reward = -(COST[0] * angle * angle + COST[1] * speed * speed + COST[2] * action[0] * action[0]);
        double before = angle;
        angle += DT * speed;
        speed += DT * before + DT * action[0];
        return new Transition(reward, Math.abs(angle) > 5, ++steps == 40);
    }

    @Override
    public void observe(ByteBuffer target) {
        target.putFloat((float) angle).putFloat((float) speed);
    }
}
