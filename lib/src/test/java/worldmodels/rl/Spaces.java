package worldmodels.rl;

import java.nio.ByteBuffer;
import worldmodels.env.Environment;
import worldmodels.env.Space;
import worldmodels.env.Transition;

/** An environment of any spaces, for what is refused before or in spite of anything that happens in it: pays nothing and goes on for ever. */
record Spaces(Space observationSpace, Space actionSpace) implements Environment {

    @Override
    public void reset(long seed) {}

    @Override
    public Transition step(double[] action) {
        return new Transition(0, false, false);
    }

    @Override
    public void observe(ByteBuffer target) {
        target.put(new byte[observationSpace.bytes()]);
    }
}
