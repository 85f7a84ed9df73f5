package worldmodels.kernel;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * An exception as it can be told. Its class may be the reader's own, so {@code getMessage} may throw, run for ever or give a book, and a
 * cause may be its own cause: this is made on the thread that threw, where an interrupt reaches it, and what is told is short.
 *
 * @param thrown  the exception itself
 * @param message what it says; empty if nothing
 * @param frames  its stack
 * @param again   whether it was told before, in this chain of causes, which ends here
 */
record Told(Throwable thrown, String message, StackTraceElement[] frames, boolean again) {

    private static final int CAUSES = 10;

    /** The exception and its causes, outermost first. */
    static List<Told> chain(Throwable thrown) {
        List<Told> chain = new ArrayList<>();
        Set<Throwable> before = Collections.newSetFromMap(new IdentityHashMap<>());
        Throwable next = thrown;
        while (next != null && chain.size() < CAUSES) {
            Throwable current = next;
            boolean again = !before.add(current);
            String message = asked(current, "getMessage", current::getMessage);
            StackTraceElement[] frames = asked(null, "", current::getStackTrace);
            chain.add(new Told(current, message == null ? "" : Excerpt.of(message), frames == null ? new StackTraceElement[0] : frames, again));
            next = again ? null : asked(null, "", current::getCause);
        }
        return chain;
    }

    /** What the exception answers; where asking fails, a sentence if that can be the answer, else null. */
    @SuppressWarnings("unchecked")
    private static <T> T asked(Throwable named, String method, Supplier<T> question) {
        try {
            return question.get();
        } catch (Throwable e) {
            return named == null ? null
                    : (T) ("(" + named.getClass().getName() + "." + method + " itself threw " + e.getClass().getName() + ")");
        }
    }
}
