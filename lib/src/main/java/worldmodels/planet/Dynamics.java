package worldmodels.planet;

import worldmodels.nn.Parameters;

/** The kinds of latent dynamics, by the names that presets and figures use. */
public enum Dynamics {

    /** {@link Rssm} */
    RSSM {
        @Override
        LatentDynamics create(Parameters parameters, LatentShape shape, long seed) {
            return new Rssm(parameters, shape, seed);
        }
    },

    /** {@link Ssm} */
    SSM {
        @Override
        LatentDynamics create(Parameters parameters, LatentShape shape, long seed) {
            return new Ssm(parameters, shape, seed);
        }
    },

    /** {@link DeterministicRnn} */
    RNN {
        @Override
        LatentDynamics create(Parameters parameters, LatentShape shape, long seed) {
            return new DeterministicRnn(parameters, shape, seed);
        }
    };

    abstract LatentDynamics create(Parameters parameters, LatentShape shape, long seed);
}
