package worldmodels.planet;

import worldmodels.nn.Parameters;

/** The kinds of latent dynamics, by the names that presets and figures use. */
public enum Dynamics {

    /** {@link Rssm} */
    RSSM(Rssm::new),

    /** {@link Ssm} */
    SSM(Ssm::new),

    /** {@link DeterministicRnn} */
    RNN(DeterministicRnn::new);

    private interface Maker {
        LatentDynamics make(Parameters parameters, LatentShape shape, FirstWeights first, long seed);
    }

    private final Maker maker;

    Dynamics(Maker maker) {
        this.maker = maker;
    }

    /** Whether states are drawn. */
    public boolean isStochastic() {
        return this != RNN;
    }

    LatentDynamics create(Parameters parameters, LatentShape shape, FirstWeights first, long seed) {
        return maker.make(parameters, shape, first, seed);
    }
}
