package worldmodels.study.planet;

import java.util.Map;
import worldmodels.run.Preset;

/** Named settings that may carry PlaNet further with the same episodes: each changes one thing of a preset, but for the last, which has them all. */
public enum PlanetVariant {

    BASE("as the preset has it", Map.of()),

    /** DreamerV2 and V3: the prior learns at full weight without free nats, the posterior at a tenth above one nat. */
    BALANCED("divergence balanced", Map.of("planet.divergence", "BALANCED", "planet.posteriorWeight", "0.1", "planet.freeNats", "1")),

    /** Twice the laptop's sequences; what decoding would have cost more goes into them. */
    DECODED_QUARTERS("8 x 50, a quarter decoded", Map.of("planet.batch", "8", "planet.chunk", "50", "planet.decoded", "0.25")),

    /** iCEM's ideas, as {@link WayOfActing#SAMPLE_EFFICIENT}, while learning too. */
    SAMPLE_EFFICIENT("horizon 16, 3 x 160, shifted, common noise", Map.of("planet.horizon", "16", "planet.iterations", "3", "planet.candidates", "160",
            "planet.elites", "16", "planet.shifted", "true", "planet.imaginedNoise", "COMMON")),

    REWARDS_AHEAD("rewards told 1 to 8 steps ahead", Map.of("planet.rewardAhead", "8")),

    AVERAGED("averaged weights act", Map.of("planet.averaging", "0.995")),

    GATE_BIAS("GRU begins by remembering", Map.of("planet.gateBias", "1")),

    JOINED("split matrices begin as one", Map.of("planet.joined", "true")),

    ALL("all named settings", Map.ofEntries(Map.entry("planet.divergence", "BALANCED"), Map.entry("planet.posteriorWeight", "0.1"), Map.entry("planet.freeNats", "1"),
            Map.entry("planet.testEvery", "25"), Map.entry("planet.batch", "8"), Map.entry("planet.decoded", "0.25"), Map.entry("planet.horizon", "16"), Map.entry("planet.iterations", "3"),
            Map.entry("planet.candidates", "160"), Map.entry("planet.elites", "16"), Map.entry("planet.shifted", "true"),
            Map.entry("planet.imaginedNoise", "COMMON"), Map.entry("planet.rewardAhead", "8"), Map.entry("planet.averaging", "0.995"),
            Map.entry("planet.gateBias", "1"), Map.entry("planet.joined", "true")));

    private final String label;
    private final Map<String, String> changes;

    PlanetVariant(String label, Map<String, String> changes) {
        this.label = label;
        this.changes = changes;
    }

    public String label() {
        return label;
    }

    /** The preset with what the variant changes. */
    public Preset of(Preset preset) {
        Preset changed = preset;
        for (Map.Entry<String, String> change : changes.entrySet()) {
            changed = changed.with(change.getKey(), change.getValue());
        }
        return changed;
    }
}
