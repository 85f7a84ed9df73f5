package worldmodels.planet;

/**
 * Sizes of latent dynamics.
 *
 * @param belief           deterministic part h; a stochastic state space model has none and ignores it
 * @param state            stochastic part s
 * @param hidden           width of the dense layers between them
 * @param embedding        features of an encoded picture
 * @param actions          values of one action
 * @param minimumDeviation added to every σ, so that no density runs away to infinity
 */
public record LatentShape(int belief, int state, int hidden, int embedding, int actions, double minimumDeviation) {}
