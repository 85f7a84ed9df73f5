package worldmodels.kernel;

import io.github.spencerpark.jupyter.kernel.magic.registry.Magics;
import io.github.spencerpark.jupyter.kernel.magic.registry.UndefinedMagicException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.Diag;
import jdk.jshell.EvalException;
import jdk.jshell.JShell;
import jdk.jshell.JShellException;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.Completeness;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import jdk.jshell.UnresolvedReferenceException;
import jdk.jshell.spi.ExecutionControl;
import jdk.jshell.spi.ExecutionControlProvider;
import jdk.jshell.spi.ExecutionEnv;

/** The notebook's JShell session: takes a cell apart into magics and snippets, runs them in order and explains what fails. */
final class CellEvaluator {

    private static final Pattern MAGIC_LINE = Pattern.compile("^%\\w.*$", Pattern.MULTILINE);
    private static final Pattern ARGUMENT = Pattern.compile("\"([^\"]*)\"|(\\S+)");
    private static final int FRAMES = 25;
    private static final String HEAP_FULL = "the heap of " + (Runtime.getRuntime().maxMemory() >> 20) + " MB is full; set variables that "
            + "hold much to null, or start Jupyter with a larger WM_HEAP (e.g. 12g)";
    private static final String LIBRARY_ERROR = "worldmodels.run.KitException";

    private final JShell shell;
    private final CellControl control;
    private final CellThread thread;
    private final Magics magics;
    private final Origins origins = new Origins();
    private volatile boolean interrupted;

    CellEvaluator(Settings settings, Magics magics, CellOutput output) {
        CellLoader loader = new CellLoader(CellEvaluator.class.getClassLoader());
        this.thread = new CellThread(loader, settings.timeout());
        this.control = new CellControl(loader, thread, output);
        this.magics = magics;
        this.shell = JShell.builder()
                .executionEngine(new InProcess(control), Map.of())
                .compilerOptions(settings.compilerOptions().toArray(String[]::new))
                .build();
    }

    private record InProcess(CellControl control) implements ExecutionControlProvider {
        @Override
        public String name() {
            return "cells";
        }

        @Override
        public ExecutionControl generate(ExecutionEnv env, Map<String, String> parameters) {
            return control;
        }
    }

    SourceCodeAnalysis analysis() {
        return shell.sourceCodeAnalysis();
    }

    void addToClassPath(String path) {
        shell.addToClasspath(path);
    }

    /** Stops the running cell. */
    void interrupt() {
        interrupted = true;
        thread.interrupt();
    }

    /**
     * @param source magics and Java, as typed
     * @param place  how error messages name this cell, e.g. {@code "cell [3]"}
     * @return the value of the last expression, or null if there is none
     */
    Object eval(String source, String place) throws CellFailure {
        interrupted = false;
        if (source.startsWith("%%")) {
            return cellMagic(source, place);
        }
        Object value = null;
        int at = 0;
        while (true) {
            at = skipBlank(source, at);
            if (at == source.length()) {
                return value;
            }
            if (interrupted) {
                throw failure("Interrupted", "the cell was interrupted before its line " + lineOf(source, at), List.of());
            }
            Matcher magic = MAGIC_LINE.matcher(source).region(at, source.length());
            if (magic.lookingAt()) {
                value = lineMagic(magic.group(), place, lineOf(source, at));
                at = magic.end();
                continue;
            }
            String rest = untilMagic(source, at);
            CompletionInfo info = analysis().analyzeCompletion(rest);
            if (info.completeness() == Completeness.EMPTY) {
                at += rest.length();
                continue;
            }
            if (info.completeness() == Completeness.DEFINITELY_INCOMPLETE) {
                throw incomplete(rest, place, lineOf(source, at));
            }
            boolean understood = info.completeness() != Completeness.UNKNOWN && info.source() != null;
            String snippet = understood ? info.source() : rest;
            value = snippet(snippet, place, lineOf(source, at));
            at += understood ? rest.length() - info.remaining().length() : rest.length();
        }
    }

    /** The Java up to the next magic, unless that line is inside a statement, as in a text block. */
    private String untilMagic(String source, int at) {
        Matcher magic = MAGIC_LINE.matcher(source).region(at, source.length());
        while (magic.find()) {
            String before = source.substring(at, magic.start());
            if (isWhole(before)) {
                return before;
            }
        }
        return source.substring(at);
    }

    private boolean isWhole(String source) {
        String rest = source;
        while (!rest.isBlank()) {
            CompletionInfo info = analysis().analyzeCompletion(rest);
            if (info.completeness() == Completeness.DEFINITELY_INCOMPLETE) {
                return false;
            }
            if (!info.completeness().isComplete()) {
                return true;
            }
            rest = info.remaining();
        }
        return true;
    }

    private Object snippet(String source, String place, int firstLine) throws CellFailure {
        control.takeValue();
        control.takeThrown();
        List<SnippetEvent> events = evaluate(source, place, firstLine);
        Object value = null;
        for (SnippetEvent event : events) {
            Snippet snippet = event.snippet();
            if (event.causeSnippet() != null) {
                continue;
            }
            origins.put(snippet.id(), place, firstLine, snippet.source());
            switch (event.status()) {
                case REJECTED -> throw rejected(snippet, place, firstLine);
                case RECOVERABLE_NOT_DEFINED -> throw undefined((DeclarationSnippet) snippet, place, firstLine);
                default -> { }
            }
            if (event.exception() != null) {
                throw thrown(event.exception(), control.takeThrown(), place);
            }
            Object result = control.takeValue();
            value = isShown(snippet.subKind()) ? result : null;
        }
        return value;
    }

    /** Expressions show their value; declarations and assignments do not. */
    private static boolean isShown(Snippet.SubKind kind) {
        return switch (kind) {
            case VAR_VALUE_SUBKIND, OTHER_EXPRESSION_SUBKIND, TEMP_VAR_EXPRESSION_SUBKIND -> true;
            default -> false;
        };
    }

    private List<SnippetEvent> evaluate(String source, String place, int firstLine) throws CellFailure {
        try {
            return shell.eval(source);
        } catch (IllegalStateException e) {
            throw failure("KernelError", "the Java session has ended (" + e.getMessage() + "); restart the kernel",
                    List.of(at(place, firstLine, source)));
        }
    }

    private Object lineMagic(String text, String place, int line) throws CellFailure {
        List<String> words = words(text.substring(1));
        try {
            return magics.applyLineMagic(words.getFirst(), words.subList(1, words.size()));
        } catch (UndefinedMagicException e) {
            throw failure("UndefinedMagic", "there is no magic %" + words.getFirst()
                    + "; this kernel has %maven, %jars, %classpath and %load",
                    List.of(at(place, line, text)));
        } catch (CellFailure e) {
            throw e;
        } catch (Exception e) {
            throw failure(e.getClass().getSimpleName(), String.valueOf(e.getMessage()), List.of(at(place, line, text)));
        }
    }

    private Object cellMagic(String source, String place) throws CellFailure {
        String head = source.lines().findFirst().orElse("");
        List<String> words = words(head.substring(2));
        String body = source.substring(Math.min(source.length(), head.length() + 1));
        try {
            return magics.applyCellMagic(words.isEmpty() ? "" : words.getFirst(), words.stream().skip(1).toList(), body);
        } catch (UndefinedMagicException e) {
            throw failure("UndefinedMagic", "there is no cell magic " + head, List.of(at(place, 1, head)));
        } catch (CellFailure e) {
            throw e;
        } catch (Exception e) {
            throw failure(e.getClass().getSimpleName(), String.valueOf(e.getMessage()), List.of(at(place, 1, head)));
        }
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        Matcher matcher = ARGUMENT.matcher(text);
        while (matcher.find()) {
            words.add(matcher.group(1) != null ? matcher.group(1) : matcher.group(2));
        }
        return words;
    }

    // What went wrong, in words.

    private CellFailure incomplete(String source, String place, int line) {
        return failure("CompilationException", "the code is incomplete: a bracket, quote or semicolon is missing",
                List.of(at(place, line, source)));
    }

    private CellFailure rejected(Snippet snippet, String place, int firstLine) {
        List<String> lines = new ArrayList<>();
        String first = null;
        for (Diag diag : shell.diagnostics(snippet).filter(Diag::isError).toList()) {
            String message = diag.getMessage(Locale.ROOT).strip();
            first = first == null ? message.lines().findFirst().orElse("") : first;
            String source = snippet.source();
            int position = (int) Math.clamp(diag.getPosition(), 0, source.length());
            int lineStart = source.lastIndexOf('\n', position - 1) + 1;
            String text = source.substring(lineStart).lines().findFirst().orElse("");
            lines.add("  at " + where(place) + " line " + (firstLine + lineOf(source, position) - 1) + ": " + text);
            lines.add("  " + " ".repeat(("at " + where(place) + " line " + (firstLine + lineOf(source, position) - 1) + ": ").length()
                    + position - lineStart) + "^");
            // The class around a cell is JShell's, without a name.
            message.lines().filter(l -> !l.strip().equals("location: class")).forEach(l -> lines.add("  " + l));
        }
        return failure("CompilationException", first == null ? "the code does not compile" : first, lines);
    }

    private CellFailure undefined(DeclarationSnippet snippet, String place, int firstLine) {
        String missing = shell.unresolvedDependencies(snippet).collect(Collectors.joining(", "));
        return failure("CompilationException", "cannot find " + missing, List.of(at(place, firstLine, snippet.source())));
    }

    private CellFailure thrown(JShellException exception, Throwable thrown, String place) {
        List<String> lines = new ArrayList<>();
        String kind = null;
        String message = null;
        Throwable cause = exception;
        Throwable original = thrown;
        StackTraceElement[] outer = {};
        for (int depth = 0; cause != null && depth < 10; depth++) {
            String name = name(cause);
            String text = cause instanceof UnresolvedReferenceException unresolved ? unresolved(unresolved) : message(cause, original);
            if (depth == 0) {
                kind = name;
                message = text;
            } else {
                lines.add("Caused by: " + name + (text.isEmpty() ? "" : ": " + text));
            }
            addFrames(lines, cause.getStackTrace(), outer, isTaught(original), place);
            outer = cause.getStackTrace();
            cause = cause.getCause();
            original = original == null ? null : original.getCause();
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
            if (!cell && (cellsOnly || isMachinery(frame))) {
                continue;
            }
            cells += cell ? 1 : 0;
            if (shown < FRAMES || cell && cells <= FRAMES) {
                lines.add("  at " + (cell ? origins.describe(frame, place) : frame.toString()));
            } else if (shown == FRAMES) {
                lines.add("  ...");
            }
            shown++;
        }
    }

    private static boolean isMachinery(StackTraceElement frame) {
        String name = frame.getClassName();
        return name.startsWith("worldmodels.kernel.") || name.startsWith("jdk.internal.") || name.startsWith("java.lang.reflect.")
                || name.startsWith("REPL.") || name.startsWith("java.util.concurrent.FutureTask") || name.equals("java.lang.Thread");
    }

    /** The kit's own errors say what to do in one sentence; a column of frames would hide it. */
    private static boolean isTaught(Throwable thrown) {
        for (Class<?> type = thrown == null ? null : thrown.getClass(); type != null; type = type.getSuperclass()) {
            if (type.getName().equals(LIBRARY_ERROR)) {
                return true;
            }
        }
        return false;
    }

    private static String name(Throwable cause) {
        String name = cause instanceof EvalException eval ? eval.getExceptionClassName() : cause.getClass().getName();
        String simple = name.substring(Math.max(name.lastIndexOf('.'), name.lastIndexOf('$')) + 1);
        return switch (simple) {
            case "Stopped", "Abandoned" -> "Interrupted";
            default -> simple;
        };
    }

    private static String message(Throwable cause, Throwable original) {
        String message = original != null ? original.getMessage() : cause.getMessage();
        if (original instanceof OutOfMemoryError && "Java heap space".equals(message)) {
            return HEAP_FULL;
        }
        return message == null || message.equals("<none>") ? "" : message;
    }

    private String unresolved(UnresolvedReferenceException exception) {
        DeclarationSnippet snippet = exception.getSnippet();
        return snippet.source().lines().findFirst().orElse("") + " uses what is not defined: "
                + shell.unresolvedDependencies(snippet).collect(Collectors.joining(", "));
    }

    private static CellFailure failure(String kind, String message, List<String> lines) {
        List<String> all = new ArrayList<>();
        all.add(message.isEmpty() ? kind : kind + ": " + message);
        all.addAll(lines);
        return new CellFailure(kind, message, all);
    }

    private static String at(String place, int line, String source) {
        return "  at " + where(place) + " line " + line + ": " + source.strip().lines().findFirst().orElse("");
    }

    private static String where(String place) {
        return place.startsWith("cell") ? "cell" : place;
    }

    private static int skipBlank(String source, int at) {
        int i = at;
        while (i < source.length() && (Character.isWhitespace(source.charAt(i)) || source.charAt(i) == ';')) {
            i++;
        }
        return i;
    }

    private static int lineOf(String source, int at) {
        return 1 + (int) source.substring(0, at).chars().filter(c -> c == '\n').count();
    }
}
