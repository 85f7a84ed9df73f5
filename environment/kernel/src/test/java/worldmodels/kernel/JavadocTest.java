package worldmodels.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class JavadocTest {

    @Test
    void aCommentBecomesPlainText() {
        assertEquals("""
                Plays n episodes, as Engine.run(List, int) does; see the bar.

                For n < 2 it waits.

                  n: how many, e.g. "7"
                  returns: the scores
                  throws KitException: if n is negative""", Javadoc.plain("""
                 Plays {@code n} episodes, as {@link Engine#run(List, int)} does; see {@linkplain Progress#at the bar}.

                 <p>For n &lt; 2 it <b>waits</b>.

                 @param n how many, e.g. {@code "7"}
                 @return the scores
                 @throws KitException if n is negative
                 @since 1.5
                 and more about it
                """));
    }
}
