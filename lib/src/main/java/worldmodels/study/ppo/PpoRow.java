package worldmodels.study.ppo;

import java.util.Locale;
import worldmodels.rl.NetworkShape;

/** An agent of the table. */
public enum PpoRow {

    /** On z and h, with the PPO report's networks. */
    REPORT("PPO on z and h, the report's network", NetworkShape.REPORT),

    /** On z and h, with the usual small ones. */
    SMALL("PPO on z and h, 64-64", NetworkShape.SMALL),

    /** On the last grey pictures, with the PPO report's networks. */
    PIXELS("PPO on pixels, the report's network", NetworkShape.REPORT_PIXELS);

    private final String label;
    private final NetworkShape network;

    PpoRow(String label, NetworkShape network) {
        this.label = label;
        this.network = network;
    }

    /** The row's name in tables. */
    public String label() {
        return label;
    }

    public NetworkShape network() {
        return network;
    }

    /** Whether it learns from pictures, not from what V and M make of them. */
    public boolean isOfPixels() {
        return this == PIXELS;
    }

    /** For the name of a folder. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
