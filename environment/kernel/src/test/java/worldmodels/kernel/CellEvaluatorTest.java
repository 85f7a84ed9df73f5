package worldmodels.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.spencerpark.jupyter.kernel.magic.registry.Magics;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CellEvaluatorTest {

    private final CellEvaluator evaluator = Startup.evaluator(Settings.from(Map.of()), new Magics(), new CellOutput());

    private Object eval(String source) throws CellFailure {
        return evaluator.eval(source, "cell [1]");
    }

    @Test
    void valuesAreTheObjectsThemselves() throws CellFailure {
        Object value = eval("var list = new ArrayList<Object>(); list");
        assertEquals(List.of(), value);
        assertTrue(value == eval("list"), "the same object, not a copy or its text");
    }

    @Test
    void onlyTheLastExpressionCounts() throws CellFailure {
        assertNull(eval("1 + 1; int a = 3;"));
        assertEquals(4, eval("int b = 3;\n// a comment\nb + 1 // and another"));
        assertNull(eval("  \n// nothing but a comment\n"));
    }

    @Test
    void magicsRunBetweenStatementsInOrder() throws CellFailure {
        CellFailure failure = assertThrows(CellFailure.class, () -> eval("int first = 1\n%unknown \"a b\" c\nint second = 2;"));
        assertEquals("UndefinedMagic", failure.kind());
        assertTrue(failure.lines().contains("  at cell line 2: %unknown \"a b\" c"), failure.lines().toString());
        assertEquals(1, eval("first"));
        assertThrows(CellFailure.class, () -> eval("second"));
    }

    @Test
    void remainderIsNoMagic() throws CellFailure {
        assertEquals(1, eval("int n = 7;\nn\n% 3"));
    }

    @Test
    void aFailureStopsTheCell() {
        CellFailure failure = assertThrows(CellFailure.class, () -> eval("int x = 1;\n\nint y = x / 0;\nint z = 2;"));
        assertEquals(List.of("ArithmeticException: / by zero", "  at cell line 3: int y = x / 0;"), failure.lines());
        assertThrows(CellFailure.class, () -> eval("z"));
    }

    @Test
    void causesAreToldWithoutRepeatingFrames() {
        CellFailure failure = assertThrows(CellFailure.class,
                () -> eval("throw new IllegalStateException(\"a\", new IOException(\"b\", new Error(\"c\")));"));
        assertEquals(List.of("IllegalStateException: a", "Caused by: IOException: b", "Caused by: Error: c"),
                failure.lines().stream().filter(line -> !line.startsWith("  ")).toList());
    }

    @Test
    void aVariableOfAnUnknownTypeIsAnError() {
        assertEquals("CompilationException", assertThrows(CellFailure.class, () -> eval("Nowhere n = null;")).kind());
        assertEquals("CompilationException", assertThrows(CellFailure.class, () -> eval("Nowhere m;")).kind());
    }

    @Test
    void anUndefinedMethodIsNamedWhenItIsCalled() throws CellFailure {
        eval("int later() { return missing(); }");
        CellFailure failure = assertThrows(CellFailure.class, () -> eval("later()"));
        assertTrue(failure.getMessage().contains("missing()"), failure.getMessage());
    }

    @Test
    void namesOfLambdasAndLocalClassesStayUsable() throws CellFailure {
        assertEquals(6, eval("""
                java.util.stream.IntStream.of(1, 2, 3).map(i -> {
                    int s = 0;
                    for (int k = 0; k < i; k++) s++;
                    return s;
                }).sum()"""));
        assertEquals(3, eval("record Point(int x, int y) { int sum() { return x + y; } }\nnew Point(1, 2).sum()"));
    }
}
