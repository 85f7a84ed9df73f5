package worldmodels.rl;

import ai.djl.ndarray.NDArray;
import worldmodels.nn.TorchOps;

/** What {@link Ppo} makes small (Schulman et al. 2017, equations 7 and 9). */
public final class PpoLoss {

    private final Network actor;
    private final Network critic;
    private final ActionDistribution distribution;
    private final PpoSettings settings;

    PpoLoss(Network actor, Network critic, ActionDistribution distribution, PpoSettings settings) {
        this.actor = actor;
        this.critic = critic;
        this.distribution = distribution;
        this.settings = settings;
    }

    /**
     * Decisions of a minibatch.
     *
     * @param observations as networks see them, (rows, ...)
     * @param drawn        x, (rows, actions)
     * @param before       ln π_old(x | s), (rows)
     * @param values       V(s) before the update, (rows)
     * @param advantages   A, (rows)
     * @param returns      R, (rows)
     */
    record Decisions(NDArray observations, NDArray drawn, NDArray before, NDArray values, NDArray advantages, NDArray returns) {}

    /** The loss and its parts, scalars; {@code ratios} is ρ, (rows). */
    record Loss(NDArray total, NDArray policy, NDArray value, NDArray entropy, NDArray ratios) {}

    Loss of(Decisions decisions) {
        NDArray output = actor.apply(decisions.observations);
        NDArray ratios = distribution.logDensity(output, decisions.drawn).sub(decisions.before).exp();
        NDArray policy = objective(ratios, normalised(decisions.advantages), settings.clip()).mean().neg();
        NDArray value = TorchOps.times(valueError(critic.apply(decisions.observations).reshape(-1), decisions), 0.5);
        NDArray entropy = distribution.entropy(output).mean();
        NDArray total = policy.add(TorchOps.times(value, settings.valueWeight()));
        // Gamma functions' derivatives are dear where they count nothing.
        total = settings.entropy() == 0 ? total : total.sub(TorchOps.times(entropy, settings.entropy()));
        return new Loss(total, policy, value, entropy, ratios);
    }

    /** min(ρ A, clip(ρ, 1 - ε, 1 + ε) A), decision by decision: equation 7, which is to become large. */
    public static NDArray objective(NDArray ratios, NDArray advantages, double epsilon) {
        NDArray plain = ratios.mul(advantages);
        NDArray clipped = TorchOps.within(ratios, 1 - epsilon, 1 + epsilon).mul(advantages);
        return plain.minimum(clipped);
    }

    private static NDArray normalised(NDArray advantages) {
        NDArray centred = advantages.sub(advantages.mean());
        long rows = advantages.size();
        return centred.div(TorchOps.times(centred.square().sum(), 1.0 / (rows - 1)).sqrt().add(1e-8f));
    }

    private NDArray valueError(NDArray values, Decisions decisions) {
        NDArray error = values.sub(decisions.returns).square();
        if (settings.valueLoss() == ValueLoss.PLAIN) {
            return error.mean();
        }
        NDArray near = TorchOps.within(values.sub(decisions.values), -settings.clip(), settings.clip()).add(decisions.values);
        return error.maximum(near.sub(decisions.returns).square()).mean();
    }
}
