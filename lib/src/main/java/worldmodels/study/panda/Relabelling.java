package worldmodels.study.panda;

import worldmodels.run.Preset;

/** Whether an episode is remembered once more as if what it came to had been wanted. */
public enum Relabelling {

    /** {@code rl.goals} times, for goals achieved later in the episode. */
    FUTURE("hindsight"),

    NONE("no hindsight");

    private final String label;

    Relabelling(String label) {
        this.label = label;
    }

    /** As tables have it. */
    public String label() {
        return label;
    }

    /** The preset of a row that has it. */
    Preset applied(Preset preset) {
        return this == FUTURE ? preset : preset.with("rl.goals", "0");
    }
}
