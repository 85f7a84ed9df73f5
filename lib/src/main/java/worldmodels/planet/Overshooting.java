package worldmodels.planet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import worldmodels.nn.Noise;
import worldmodels.nn.Normal;
import worldmodels.nn.Seeds;
import worldmodels.nn.TorchOps;

/**
 * Latent overshooting (Hafner et al. 2019, section 4, equation 7): priors that went several steps without a picture are held against what was
 * thought once the pictures were seen,
 *
 * <pre>
 *   1/D · Σ_d β_d · mean over t of max(0, KL(stop(q(s_t | o_≤t)) ‖ p(s_t | s_t-d)) - free nats)
 * </pre>
 *
 * The posterior is a constant here, so that priors are drawn to it and it is not drawn to them. Which prior meets which posterior, for five steps
 * whose posteriors are A to E (small letters are priors):
 *
 * <pre>
 *   posterior     A  B  C  D  E
 *   distance 1       b  c  d  e     from A B C D
 *   distance 2          c  d  e     from A B C
 *   distance 3             d  e     from A B
 * </pre>
 *
 * The first picture has no prior here, and no prior goes beyond the end. At distance 1 the divergence is the ordinary one.
 *
 * @param weights β_1 to β_D
 */
public record Overshooting(List<Double> weights) {

    /** Without. */
    public static final Overshooting NONE = new Overshooting(List.of());

    public Overshooting {
        weights = List.copyOf(weights);
    }

    /** One weight for all distances; none if it is 0. */
    public static Overshooting upTo(int distance, double weight) {
        return weight == 0 ? NONE : new Overshooting(Collections.nCopies(distance, weight));
    }

    /** One step without a picture, for all rows. */
    @FunctionalInterface
    interface Transition {
        LatentState next(LatentState state, NDArray action, int distance);
    }

    /** Priors of one distance and the posteriors that they are held against, row by row. */
    record Pairing(int distance, Normal prior, Normal posterior) {}

    /**
     * Lets all states of a sequence go on at once.
     *
     * @param watched states after their pictures, rows time-major
     * @param actions that led to each step, (time * batch, actions)
     * @param steps   time steps
     * @return states after one step without a picture, after two, ..., each list entry for all steps that there are then, rows time-major
     */
    static List<LatentState> ahead(LatentState watched, NDArray actions, int steps, int furthest, Transition transition) {
        long batch = actions.getShape().get(0) / steps;
        List<LatentState> ahead = new ArrayList<>();
        LatentState state = watched;
        for (int d = 1; d <= Math.min(furthest, steps - 1); d++) {
            // Who stands at the last step has nowhere to go.
            String stay = ":" + (steps - d) * batch;
            String later = d * batch + ":";
            LatentState from = new LatentState(state.belief() == null ? null : state.belief().get(stay), null, state.sample().get(stay));
            state = transition.next(from, actions.get(later), d);
            ahead.add(state);
        }
        return ahead;
    }

    /** {@link #ahead}, each with what it is held against. */
    static List<Pairing> pairings(LatentState watched, NDArray actions, int steps, int furthest, Transition transition) {
        long batch = actions.getShape().get(0) / steps;
        Normal all = watched.distribution();
        List<Pairing> pairings = new ArrayList<>();
        for (LatentState state : ahead(watched, actions, steps, furthest, transition)) {
            int d = pairings.size() + 1;
            String later = d * batch + ":";
            pairings.add(new Pairing(d, state.distribution(), Normal.of(all.mean().get(later), all.deviation().get(later)).stopGradient()));
        }
        return pairings;
    }

    /**
     * @param actions that led to each step, (time * batch, actions)
     * @param noise   seed
     * @return the term above, a scalar
     */
    NDArray loss(LatentDynamics dynamics, LatentSequence sequence, NDArray actions, int steps, double freeNats, long noise) {
        LatentState watched = new LatentState(sequence.belief(), sequence.posterior(), sequence.sample());
        NDArray loss = null;
        for (Pairing pairing : pairings(watched, actions, steps, weights.size(), (state, action, distance) -> dynamics.imagine(state, action,
                Noise.normalInBulk(action.getManager(), new Shape(action.getShape().get(0), dynamics.shape().state()),
                        Seeds.named(noise, "overshooting", distance))))) {
            NDArray divergence = dynamics.divergence(pairing.posterior(), pairing.prior());
            NDArray costly = dynamics.isStochastic() ? TorchOps.atLeast(divergence.sub((float) freeNats), 0) : divergence;
            NDArray term = TorchOps.times(costly.mean(), weights.get(pairing.distance() - 1) / weights.size());
            loss = loss == null ? term : loss.add(term);
        }
        return loss == null ? actions.getManager().create(0f) : loss;
    }
}
