package worldmodels.planet;

import worldmodels.nn.Parameters;

/**
 * The recurrent state space model (Hafner et al. 2019, equation 4 and figure 2c): a deterministic path remembers, a stochastic one keeps several
 * futures open.
 *
 * <pre>
 *   prior                          posterior
 *
 *      a ──┐                          a ──┐
 *          v                              v
 *   h ───> h' ──> μ', σ'           h ───> h' ──> μ', σ'
 *          ^       :                      ^       ^ :
 *   s ─────┘       v               s ─────┘       │ v
 *                  s'                         o'──┘ s'
 *
 *   h' = f(h, s, a)                ─── computed    ... drawn
 *   s' ~ p(s' | h')      or        s' ~ q(s' | h', o')
 * </pre>
 */
public final class Rssm extends Gated {

    /**
     * @param parameters receives the weights, named {@code dynamics.*}
     * @param seed       of the first weights
     */
    public Rssm(Parameters parameters, LatentShape shape, long seed) {
        super(parameters, shape, true, seed);
    }
}
