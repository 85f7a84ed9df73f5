package worldmodels.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.Diag;
import jdk.jshell.JShell;
import jdk.jshell.JShellException;
import jdk.jshell.Snippet;
import jdk.jshell.UnresolvedReferenceException;

/** What went wrong in a cell, in words: what the compiler or the exception says, and the lines of the cells. */
final class Reasons {

    private static final int FRAMES = 25;
    private static final String HEAP_FULL = "the heap of " + (Runtime.getRuntime().maxMemory() >> 20) + " MB is full; set variables that "
            + "hold much to null, or start Jupyter with a larger WM_HEAP (e.g. 12g)";
    private static final String LIBRARY_ERROR = "worldmodels.run.KitException";

    private final JShell shell;
    private final Origins origins;

    Reasons(JShell shell, Origins origins) {
        this.shell = shell;
        this.origins = origins;
    }

    static CellFailure incomplete(String source, String place, int line) {
        return failure("CompilationException", "the code is incomplete: a bracket, quote or semicolon is missing",
                List.of(at(place, line, source)));
    }

    /** The compiler's errors, each under its line of the cell. */
    CellFailure rejected(Snippet snippet, String place, int firstLine) {
        List<String> lines = new ArrayList<>();
        String first = null;
        for (Diag diag : shell.diagnostics(snippet).filter(Diag::isError).toList()) {
            String message = diag.getMessage(Locale.ROOT).strip();
            first = first == null ? message.lines().findFirst().orElse("") : first;
            String source = snippet.source();
            int position = (int) Math.clamp(diag.getPosition(), 0, source.length());
            int lineStart = source.lastIndexOf('\n', position - 1) + 1;
            String text = source.substring(lineStart).lines().findFirst().orElse("");
            String line = "  at " + where(place) + " line " + (firstLine + CellText.lineOf(source, position) - 1) + ": ";
            lines.add(line + text);
            lines.add(" ".repeat(line.length() + position - lineStart) + "^");
            // The class around a cell is JShell's, without a name.
            message.lines().filter(l -> !l.strip().equals("location: class")).forEach(l -> lines.add("  " + l));
        }
        return failure("CompilationException", first == null ? "the code does not compile" : first, lines);
    }

    CellFailure undefined(DeclarationSnippet snippet, String place, int firstLine) {
        String missing = shell.unresolvedDependencies(snippet).collect(Collectors.joining(", "));
        return failure("CompilationException", "cannot find " + missing, List.of(at(place, firstLine, snippet.source())));
    }

    /** @param exception what JShell made of what was thrown: with the cells' own lines */
    CellFailure thrown(JShellException exception, List<Told> chain, String place) {
        List<String> lines = new ArrayList<>();
        String kind = null;
        String message = null;
        Throwable lined = exception;
        StackTraceElement[] outer = {};
        for (Told told : chain) {
            boolean missing = lined instanceof UnresolvedReferenceException;
            String name = missing ? "UnresolvedReferenceException" : name(told.thrown());
            String text = missing ? unresolved((UnresolvedReferenceException) lined) : message(told);
            if (told.again()) {
                lines.add("Caused by: the " + name + " above");
                break;
            }
            if (kind == null) {
                kind = name;
                message = text;
            } else {
                lines.add("Caused by: " + name + (text.isEmpty() ? "" : ": " + text));
            }
            addFrames(lines, lined.getStackTrace(), outer, isTaught(told.thrown()), place);
            outer = lined.getStackTrace();
            lined = lined.getCause();
        }
        return failure(kind, message, lines);
    }

    /** A cause's frames end where those of what it caused begin. */
    private void addFrames(List<String> lines, StackTraceElement[] frames, StackTraceElement[] outer, boolean cellsOnly, String place) {
        int own = frames.length;
        for (int i = outer.length; own > 0 && i > 0 && frames[own - 1].equals(outer[i - 1]); i--) {
            own--;
        }
        int shown = 0;
        int cells = 0;
        for (StackTraceElement frame : Arrays.copyOf(frames, own)) {
            boolean cell = origins.isCell(frame);
            // JShell splits the initialiser of a variable without a type in two methods.
            if (frame.getMethodName().equals("do_it$Aux") || !cell && (cellsOnly || isMachinery(frame))) {
                continue;
            }
            String line = "  at " + (cell ? origins.describe(frame, place) : frame.toString());
            if (cellsOnly && lines.contains(line)) {
                // A lambda of the line, called from that line by frames that are left out.
                continue;
            }
            cells += cell ? 1 : 0;
            if (shown < FRAMES || cell && cells <= FRAMES) {
                lines.add(line);
            } else if (shown == FRAMES) {
                lines.add("  ...");
            }
            shown++;
        }
    }

    private static boolean isMachinery(StackTraceElement frame) {
        String name = frame.getClassName();
        return name.startsWith("worldmodels.kernel.") || name.startsWith("jdk.internal.") || name.startsWith("java.lang.reflect.")
                || name.startsWith("REPL.") || name.startsWith("io.github.spencerpark.") || name.startsWith("java.util.concurrent.FutureTask")
                || name.equals("java.lang.Thread");
    }

    /** The kit's own errors say what to do in one sentence; a column of frames would hide it. */
    private static boolean isTaught(Throwable thrown) {
        for (Class<?> type = thrown.getClass(); type != null; type = type.getSuperclass()) {
            if (type.getName().equals(LIBRARY_ERROR)) {
                return true;
            }
        }
        return false;
    }

    private static String name(Throwable thrown) {
        String name = thrown.getClass().getName();
        String simple = name.substring(Math.max(name.lastIndexOf('.'), name.lastIndexOf('$')) + 1);
        return switch (simple) {
            case "Stopped", "Abandoned" -> "Interrupted";
            default -> simple;
        };
    }

    private static String message(Told told) {
        return told.thrown() instanceof OutOfMemoryError && told.message().equals("Java heap space") ? HEAP_FULL : told.message();
    }

    private String unresolved(UnresolvedReferenceException exception) {
        DeclarationSnippet snippet = exception.getSnippet();
        return snippet.source().lines().findFirst().orElse("") + " uses what is not defined: "
                + shell.unresolvedDependencies(snippet).collect(Collectors.joining(", "));
    }

    static CellFailure failure(String kind, String message, List<String> lines) {
        List<String> all = new ArrayList<>();
        all.add(message.isEmpty() ? kind : kind + ": " + message);
        all.addAll(lines);
        return new CellFailure(kind, message, all);
    }

    static String at(String place, int line, String source) {
        return "  at " + where(place) + " line " + line + ": " + source.strip().lines().findFirst().orElse("");
    }

    private static String where(String place) {
        return place.startsWith("cell") ? "cell" : place;
    }
}
