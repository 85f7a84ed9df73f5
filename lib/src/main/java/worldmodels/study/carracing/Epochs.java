package worldmodels.study.carracing;

import java.util.OptionalInt;

/** How long something is trained, as a preset says it: a number of epochs, or {@code authors} for those of {@link AuthorsVersion}. */
public record Epochs(OptionalInt number) {

    /** @throws IllegalArgumentException that says what is allowed */
    static Epochs parse(String text) {
        if (text.equals("authors")) {
            return new Epochs(OptionalInt.empty());
        }
        if (!text.matches("[1-9]\\d{0,8}")) {
            throw new IllegalArgumentException("'authors' or a whole number of at least 1");
        }
        return new Epochs(OptionalInt.of(Integer.parseInt(text)));
    }

    int orElse(int authors) {
        return number.orElse(authors);
    }
}
