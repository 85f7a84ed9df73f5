package worldmodels.study;

import java.util.SortedMap;
import worldmodels.run.Stage;

/** What a stage and those before it made, for comparing runs. */
public final class Made {

    private Made() {}

    /** The lineage without the files of a search that hold how long each generation took. */
    public static SortedMap<String, String> by(Stage stage) {
        SortedMap<String, String> lineage = stage.lineage();
        lineage.keySet().removeIf(key -> key.matches(".*\\.(generations|evolution)\\.\\w+"));
        return lineage;
    }
}
