package worldmodels.rl;

import java.nio.ByteBuffer;
import worldmodels.env.Environment;
import worldmodels.env.Space;
import worldmodels.env.Transition;

/**
 * Two states, one after the other, whatever the action: no reward in the first, 1 in the second, where the episode ends. If the task ends there, the values
 * are γ and 1; if it was only cut off, what would have followed is worth the second state's value again: γ / (1 - γ) and 1 / (1 - γ).
 */
final class Chain implements Environment {

    private final boolean terminates;
    private int state;

    Chain(boolean terminates) {
        this.terminates = terminates;
    }

    @Override
    public Space observationSpace() {
        return Space.vector(new double[] {0}, new double[] {1});
    }

    @Override
    public Space actionSpace() {
        return Space.vector(new double[] {-1}, new double[] {1});
    }

    @Override
    public void reset(long seed) {
        state = 0;
    }

    @Override
    public Transition step(double[] action) {
        boolean ends = state == 1;
        state = 1;
        return new Transition(ends ? 1 : 0, ends && terminates, ends && !terminates);
    }

    @Override
    public void observe(ByteBuffer target) {
        target.putFloat(state);
    }
}
