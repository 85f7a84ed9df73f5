package worldmodels.data;

import java.util.Locale;

/** An episode whose file is not what was recorded. */
public record Damage(StoredEpisode episode, Kind kind) {

    /** What is wrong with the file. */
    public enum Kind { MISSING, TRUNCATED, ALTERED }

    @Override
    public String toString() {
        return episode.file() + " (" + kind.name().toLowerCase(Locale.ROOT) + ")";
    }
}
