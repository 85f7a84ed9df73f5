package worldmodels.planet;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a PlaNet model looks like.
 *
 * @param dynamics         which latent dynamics
 * @param actions          values of one action
 * @param belief           deterministic part, 200 in the paper
 * @param state            stochastic part, 30
 * @param hidden           width of the dense layers in the dynamics, 200
 * @param minimumDeviation of s, 0.1
 * @param channels         of the encoder's first layer, 32; all other image layers follow
 * @param rewardLayers     hidden layers of the reward network: 3 (authors) or 2 (Kaixhin)
 * @param rewardHidden     their width: 300 or 200
 */
public record PlanetShape(Dynamics dynamics, int actions, int belief, int state, int hidden, double minimumDeviation, int channels,
        int rewardLayers, int rewardHidden) {

    /** The authors' sizes. */
    public static PlanetShape authors(Dynamics dynamics, int actions) {
        return new PlanetShape(dynamics, actions, 200, 30, 200, 0.1, 32, 3, 300);
    }

    LatentShape latent() {
        return new LatentShape(belief, state, hidden, ImageEncoder.embedding(channels), actions, minimumDeviation);
    }

    /** For a checkpoint's text. */
    public Map<String, String> text() {
        Map<String, String> text = new LinkedHashMap<>(latent().text());
        text.put("dynamics", dynamics.name());
        text.put("channels", String.valueOf(channels));
        text.put("rewardLayers", String.valueOf(rewardLayers));
        text.put("rewardHidden", String.valueOf(rewardHidden));
        return text;
    }

    /** The shape that a checkpoint's text describes. */
    static PlanetShape parse(Map<String, String> text) {
        return new PlanetShape(Dynamics.valueOf(text.get("dynamics")), number(text, "actions"), number(text, "belief"), number(text, "state"),
                number(text, "hidden"), Double.parseDouble(text.get("minimumDeviation")), number(text, "channels"), number(text, "rewardLayers"),
                number(text, "rewardHidden"));
    }

    private static int number(Map<String, String> text, String key) {
        return Integer.parseInt(text.get(key));
    }
}
