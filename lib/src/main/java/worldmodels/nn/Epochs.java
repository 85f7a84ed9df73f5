package worldmodels.nn;

import java.util.OptionalInt;

/** How long something is trained, as a preset says it: a number of epochs, or {@code authors} for those of the work that is reproduced. */
public record Epochs(OptionalInt number) {

    /** That many. */
    public static Epochs of(int number) {
        return new Epochs(OptionalInt.of(number));
    }

    /** @throws IllegalArgumentException that says what is allowed */
    static Epochs parse(String text) {
        if (text.equals("authors")) {
            return new Epochs(OptionalInt.empty());
        }
        if (!text.matches("[1-9]\\d{0,8}")) {
            throw new IllegalArgumentException("'authors' or a whole number of at least 1");
        }
        return of(Integer.parseInt(text));
    }

    /** @param authors theirs */
    public int orElse(int authors) {
        return number.orElse(authors);
    }

    /** As {@link #parse} takes it. */
    @Override
    public String toString() {
        return number.isPresent() ? String.valueOf(number.getAsInt()) : "authors";
    }
}
