package worldmodels.env;

import java.nio.ByteBuffer;

/** An environment around another one, which changes what it overrides and passes on the rest (Gymnasium's {@code Wrapper}). */
public abstract class Wrapper implements Environment {

    /** The environment inside. */
    protected final Environment environment;

    protected Wrapper(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Space observationSpace() {
        return environment.observationSpace();
    }

    @Override
    public Space actionSpace() {
        return environment.actionSpace();
    }

    @Override
    public void reset(long seed) {
        environment.reset(seed);
    }

    @Override
    public Transition step(double[] action) {
        return environment.step(action);
    }

    @Override
    public void observe(ByteBuffer target) {
        environment.observe(target);
    }

    @Override
    public Environment unwrapped() {
        return environment.unwrapped();
    }

    @Override
    public void close() {
        environment.close();
    }
}
