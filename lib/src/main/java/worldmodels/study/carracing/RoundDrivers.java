package worldmodels.study.carracing;

/** Who records for the next round, {@code rounds.drivers}. */
public enum RoundDrivers {

    /** The round's agent alone (Ha and Schmidhuber 2018, section 5). */
    CURRENT(1),

    /**
     * By turns the agent twice, the agent of the round before, and one of sixteen whose weights are drawn about the agent's with {@code rounds.sigma}:
     * the next search asks M of drivers like these, not of the agent alone.
     */
    MIXED(64);

    private final int count;

    RoundDrivers(int count) {
        this.count = count;
    }

    /** How many they are; the next round's episode i is driven by number i modulo this. */
    public int count() {
        return count;
    }
}
