package worldmodels.rl;

import java.nio.ByteBuffer;
import worldmodels.env.Environment;
import worldmodels.env.Space;
import worldmodels.env.Transition;
import worldmodels.random.Pcg64;

/**
 * A linear-quadratic regulator, x' = x + u / 2 with reward -(x² + u² / 10), cut off after 5 steps. With p that solves Riccati's equation the best action is
 * -k x:
 *
 * <pre>  p = 1 + γ p - (γ p / 2)² / (1/10 + γ p / 4)        k = (γ p / 2) / (1/10 + γ p / 4) </pre>
 */
final class Regulator implements Environment {

    private double x;
    private int steps;

    static double gain(double discount) {
        double p = 1;
        for (int i = 0; i < 1000; i++) {
            p = 1 + discount * p - Math.pow(discount * p / 2, 2) / (0.1 + discount * p / 4);
        }
        return discount * p / 2 / (0.1 + discount * p / 4);
    }

    @Override
    public Space observationSpace() {
        return Space.vector(new double[] {-10}, new double[] {10});
    }

    @Override
    public Space actionSpace() {
        return Space.vector(new double[] {-1}, new double[] {1});
    }

    @Override
    public void reset(long seed) {
        x = Pcg64.seeded(seed).uniform(-0.6, 0.6);
        steps = 0;
    }

    @Override
    public Transition step(double[] action) {
        double reward = -(x * x + action[0] * action[0] / 10);
        x += action[0] / 2;
        return new Transition(reward, false, ++steps == 5);
    }

    @Override
    public void observe(ByteBuffer target) {
        target.putFloat((float) x);
    }
}
