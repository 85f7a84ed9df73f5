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

    /** The failure of a cell, or of the kernel itself, in words. */
    static CellFailure of(Throwable failure) {
        if (failure instanceof CellFailure told) {
            return told;
        }
        Told told = Told.chain(failure).getFirst();
        String kind = failure.getClass().getSimpleName();
        return new CellFailure(kind, told.message(), List.of(told.message().isEmpty() ? kind : kind + ": " + told.message()));
    }

    String kind() {
        return kind;
    }

    List<String> lines() {
        return lines;
    }
}
