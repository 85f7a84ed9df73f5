package worldmodels.study.panda;

import java.io.Serializable;
import java.util.Locale;

/**
 * One cell of the grid: what learns what, and how it remembers.
 */
public record PandaRow(Algorithm algorithm, PandaTask task, Relabelling relabelling) implements Serializable {

    /** For the name of a folder. */
    String word() {
        return (algorithm + "-" + task.control() + "-" + task.reward() + "-" + relabelling).toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public String toString() {
        return algorithm + ", " + task + ", " + relabelling.label();
    }
}
