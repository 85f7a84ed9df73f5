package worldmodels.planet;

import java.util.Map;
import java.util.TreeMap;
import worldmodels.run.Settings;

/**
 * What a PlaNet model looks like.
 *
 * @param dynamics which latent dynamics
 * @param actions  values of one action
 * @param sizes    of its layers
 */
public record PlanetShape(Dynamics dynamics, int actions, PlanetSizes sizes) {

    LatentShape latent() {
        return new LatentShape(sizes.belief(), sizes.state(), sizes.hidden(), ImageEncoder.embedding(sizes.channels()), actions, sizes.minimumDeviation());
    }

    /** For a checkpoint: {@code dynamics}, {@code actions} and the sizes by their own names. */
    public Map<String, String> text() {
        Map<String, String> text = new TreeMap<>();
        Settings.text(sizes).forEach((key, value) -> text.put(key.replaceFirst("planet\\.", ""), value));
        text.put("dynamics", dynamics.name());
        text.put("actions", String.valueOf(actions));
        return text;
    }

    /** The shape that a checkpoint's text describes. */
    static PlanetShape parse(Map<String, String> text) {
        return new PlanetShape(Dynamics.valueOf(text.get("dynamics")), number(text, "actions"), new PlanetSizes(number(text, "belief"),
                number(text, "state"), number(text, "hidden"), Double.parseDouble(text.get("minimumDeviation")), number(text, "channels"),
                number(text, "rewardLayers"), number(text, "rewardHidden")));
    }

    private static int number(Map<String, String> text, String key) {
        return Integer.parseInt(text.get(key));
    }
}
