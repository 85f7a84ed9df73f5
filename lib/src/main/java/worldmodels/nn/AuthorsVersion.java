package worldmodels.nn;

import worldmodels.run.Settings.Section;

/** Ha and Schmidhuber's paper and their published code differ in how long V and M are trained; a preset names the one it follows. */
public enum AuthorsVersion {

    /** The text. */
    PAPER,

    /** The published code. */
    CODE;

    /** A preset's choice. */
    @Section("")
    public record Followed(AuthorsVersion authors) {}

    /** Which of two numbers holds in this version. */
    public int of(int inPaper, int inCode) {
        return this == PAPER ? inPaper : inCode;
    }
}
