package worldmodels.planet;

import java.util.LinkedHashMap;
import java.util.Map;

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
public record LatentShape(int belief, int state, int hidden, int embedding, int actions, double minimumDeviation) {

    /** For a checkpoint's text. */
    Map<String, String> text() {
        Map<String, String> text = new LinkedHashMap<>();
        text.put("belief", String.valueOf(belief));
        text.put("state", String.valueOf(state));
        text.put("hidden", String.valueOf(hidden));
        text.put("embedding", String.valueOf(embedding));
        text.put("actions", String.valueOf(actions));
        text.put("minimumDeviation", String.valueOf(minimumDeviation));
        return text;
    }
}
