package worldmodels.kernel;

import java.util.List;

/** Why a cell failed, in the words that the notebook shows. */
final class CellFailure extends Exception {

    private static final long serialVersionUID = 1;

    private final String kind;
    private final transient List<String> lines;

    /**
     * @param kind    the simple name of what was thrown, e.g. {@code "KitException"}
     * @param message its message
     * @param lines   what is shown: kind and message, lines of the cell, causes
     */
    CellFailure(String kind, String message, List<String> lines) {
        super(message, null, false, false);
        this.kind = kind;
        this.lines = List.copyOf(lines);
    }

    String kind() {
        return kind;
    }

    List<String> lines() {
        return lines;
    }
}
