package worldmodels.planet;

import ai.djl.ndarray.NDArray;
import worldmodels.nn.Normal;
import worldmodels.nn.TorchOps;

/** How the divergence of posterior and prior is made to cost, step by step. */
public enum DivergenceLoss {

    /** PlaNet: {@code max(0, KL(q ‖ p) - free)}. Below the free nats neither learns, the prior included, which the planner goes by. */
    TOGETHER {
        @Override
        NDArray each(LatentDynamics dynamics, Normal posterior, Normal prior, Objective objective) {
            return costly(dynamics, dynamics.divergence(posterior, prior), objective.freeNats());
        }
    },

    /**
     * Both sides by themselves (Hafner et al. 2021, DreamerV2, algorithm 2, and 2023, DreamerV3, equation 5):
     *
     * <pre>  KL(stop(q) ‖ p)  +  w · max(0, KL(q ‖ stop(p)) - free) </pre>
     *
     * The prior always learns what pictures told; the posterior is drawn to the prior only weakly, and where it says more than the free nats.
     */
    BALANCED {
        @Override
        NDArray each(LatentDynamics dynamics, Normal posterior, Normal prior, Objective objective) {
            NDArray ofPrior = dynamics.divergence(posterior.stopGradient(), prior);
            NDArray ofPosterior = costly(dynamics, dynamics.divergence(posterior, prior.stopGradient()), objective.freeNats());
            return ofPrior.add(TorchOps.times(ofPosterior, objective.posteriorWeight()));
        }
    };

    /** What each row costs, (rows). */
    abstract NDArray each(LatentDynamics dynamics, Normal posterior, Normal prior, Objective objective);

    private static NDArray costly(LatentDynamics dynamics, NDArray divergence, double freeNats) {
        return dynamics.isStochastic() ? TorchOps.atLeast(divergence.sub((float) freeNats), 0) : divergence;
    }
}
