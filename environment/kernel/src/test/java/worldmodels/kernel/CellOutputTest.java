package worldmodels.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CellOutputTest {

    private final PrintStream systemOut = System.out;
    private final PrintStream systemErr = System.err;
    private final CellOutput output = new CellOutput();
    private final List<String> sent = Collections.synchronizedList(new ArrayList<>());

    @BeforeEach
    void replace() {
        output.sendTo((error, text) -> sent.add((error ? "err:" : "out:") + text));
        output.replaceSystemStreams();
    }

    @AfterEach
    void restore() {
        System.setOut(systemOut);
        System.setErr(systemErr);
    }

    @Test
    void manyLinesAreFewMessages() {
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            System.out.println("line " + i);
            expected.append("line ").append(i).append('\n');
        }
        output.flush();
        assertEquals(expected.toString(), String.join("", sent).replace("out:", ""));
        assertTrue(sent.size() < 500, "messages: " + sent.size());
    }

    @Test
    void keepsTheOrderOfOutputAndError() {
        System.out.print("a");
        System.err.print("b");
        System.out.print("c");
        output.flush();
        assertEquals(List.of("out:a", "err:b", "out:c"), sent);
    }

    @Test
    void neverCutsACharacter() {
        String text = "é€😀".repeat(30_000);
        System.out.print(text);
        output.flush();
        assertEquals(text, String.join("", sent).replace("out:", ""));
    }

    @Test
    void sendsWithoutBeingAsked() throws InterruptedException {
        System.out.print("soon");
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (sent.isEmpty() && System.nanoTime() < deadline) {
            Thread.sleep(10);
        }
        assertEquals(List.of("out:soon"), sent);
    }
}
