package worldmodels.kernel;

import io.github.spencerpark.jupyter.kernel.magic.registry.Magics;
import io.github.spencerpark.jupyter.kernel.magic.registry.UndefinedMagicException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.VarSnippet;
import jdk.jshell.spi.ExecutionControl;
import jdk.jshell.spi.ExecutionControlProvider;
import jdk.jshell.spi.ExecutionEnv;
import worldmodels.kernel.CellText.Piece;

/** The notebook's JShell session: takes a cell apart into magics and snippets, runs them in order and explains what fails. */
final class CellEvaluator {

    private final JShell shell;
    private final CellControl control;
    private final CellThread thread;
    private final Magics magics;
    private final Origins origins = new Origins();
    private final Reasons reasons;
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
        this.reasons = new Reasons(shell, origins);
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

    /** @return the value of the last expression itself, or null if there is none */
    Object eval(String source, String place) throws CellFailure {
        return eval(source, place, UnaryOperator.identity());
    }

    /**
     * @param source magics and Java, as typed
     * @param place  how error messages name this cell, e.g. {@code "cell [3]"}
     * @param finish what is made of the value of the last expression, on the cells' thread and as a part of the cell
     * @return what was made of it, or null if there is no value
     */
    Object eval(String source, String place, UnaryOperator<Object> finish) throws CellFailure {
        interrupted = false;
        try {
            return source.startsWith("%%") ? cellMagic(source, place) : pieces(new CellText(analysis(), source), place, finish);
        } catch (StackOverflowError | InternalError e) {
            // Of the compiler, in JShell's words or its own; a cell's own arrives as an exception of its snippet.
            throw e.toString().contains("StackOverflowError")
                    ? Reasons.failure("CompilationException", "the code is nested too deeply for the compiler", List.of())
                    : Reasons.failure("KernelError", "JShell cannot evaluate this (" + e + ")", List.of());
        }
    }

    private Object pieces(CellText cell, String place, UnaryOperator<Object> finish) throws CellFailure {
        List<Pending> pending = new ArrayList<>();
        Object value = null;
        for (Piece piece = cell.next(); piece != null; piece = cell.next()) {
            if (interrupted) {
                throw Reasons.failure("Interrupted", "the cell was interrupted before its line " + piece.line(), List.of());
            }
            value = switch (piece.kind()) {
                case INCOMPLETE -> throw Reasons.incomplete(piece.text(), place, piece.line());
                case MAGIC -> lineMagic(piece.text(), place, piece.line());
                case JAVA -> {
                    boolean last = piece.last();
                    control.finishWith(() -> last && isShown(newest()) ? finish : UnaryOperator.identity());
                    yield snippet(piece.text(), place, piece.line(), pending);
                }
            };
        }
        judge(pending, place);
        return value;
    }

    /** The snippet that is about to run: JShell adds it just before. */
    private Snippet.SubKind newest() {
        return shell.snippets().reduce((a, b) -> b).map(Snippet::subKind).orElse(Snippet.SubKind.UNKNOWN_SUBKIND);
    }

    /** A type or method of this cell that uses what is not there yet. What it waits for may come further down. */
    private record Pending(DeclarationSnippet snippet, int line) {}

    private void judge(List<Pending> pending, String place) throws CellFailure {
        for (Pending one : pending) {
            if (shell.status(one.snippet()) == Snippet.Status.RECOVERABLE_NOT_DEFINED) {
                throw reasons.undefined(one.snippet(), place, one.line());
            }
        }
    }

    private Object snippet(String source, String place, int firstLine, List<Pending> pending) throws CellFailure {
        control.takeValue();
        control.takeThrown();
        List<SnippetEvent> events = evaluate(source, place, firstLine);
        tellLost(events);
        Object value = null;
        for (SnippetEvent event : events) {
            Snippet snippet = event.snippet();
            if (event.causeSnippet() != null) {
                continue;
            }
            origins.put(snippet.id(), place, firstLine, snippet.source());
            switch (event.status()) {
                case REJECTED -> {
                    judge(namedIn(source, pending), place);
                    throw reasons.rejected(snippet, place, firstLine);
                }
                case RECOVERABLE_NOT_DEFINED -> wait(snippet, place, firstLine, pending);
                default -> { }
            }
            if (event.exception() != null) {
                throw reasons.thrown(event.exception(), control.takeThrown(), place);
            }
            Object result = control.takeValue();
            value = isShown(snippet.subKind()) ? result : null;
            if (snippet.subKind() == Snippet.SubKind.TEMP_VAR_EXPRESSION_SUBKIND) {
                // Every later cell would import it, and take longer than the one before.
                shell.drop(snippet);
            }
        }
        return value;
    }

    /** A variable cannot wait: its initialiser runs now or never. */
    private void wait(Snippet snippet, String place, int firstLine, List<Pending> pending) throws CellFailure {
        if (snippet instanceof VarSnippet) {
            judge(namedIn(snippet.source(), pending), place);
            throw reasons.undefined((DeclarationSnippet) snippet, place, firstLine);
        }
        pending.add(new Pending((DeclarationSnippet) snippet, firstLine));
    }

    private static List<Pending> namedIn(String source, List<Pending> pending) {
        return pending.stream()
                .filter(one -> Pattern.compile("\\b" + Pattern.quote(one.snippet().name()) + "\\b").matcher(source).find())
                .toList();
    }

    /**
     * An edited type or method takes along the variables that need another class for it: JShell declares them anew, without their values. To
     * lose a trained model without a word would be worse than to lose it.
     */
    private static void tellLost(List<SnippetEvent> events) {
        String lost = events.stream()
                .filter(event -> event.causeSnippet() != null && event.isSignatureChange() && event.previousStatus().isDefined())
                .map(SnippetEvent::snippet)
                .filter(snippet -> snippet.kind() == Snippet.Kind.VAR && snippet.subKind() != Snippet.SubKind.TEMP_VAR_EXPRESSION_SUBKIND)
                .map(snippet -> ((VarSnippet) snippet).name())
                .distinct()
                .collect(Collectors.joining(", "));
        if (!lost.isEmpty()) {
            System.err.println("Reset, since this cell changes what they are made of: " + lost + ". Run the cells again that set them.");
        }
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
        } catch (RuntimeException | AssertionError e) {
            throw Reasons.failure("KernelError", "JShell cannot evaluate this (" + e + ")", List.of(Reasons.at(place, firstLine, source)));
        }
    }

    private Object lineMagic(String text, String place, int line) throws CellFailure {
        List<String> words = CellText.words(text.substring(1));
        try {
            return magics.applyLineMagic(words.getFirst(), words.subList(1, words.size()));
        } catch (UndefinedMagicException e) {
            throw Reasons.failure("UndefinedMagic", "there is no magic %" + words.getFirst()
                    + "; this kernel has %maven, %jars, %classpath and %load",
                    List.of(Reasons.at(place, line, text)));
        } catch (CellFailure e) {
            throw e;
        } catch (Exception e) {
            throw Reasons.failure(e.getClass().getSimpleName(), String.valueOf(e.getMessage()), List.of(Reasons.at(place, line, text)));
        }
    }

    private Object cellMagic(String source, String place) throws CellFailure {
        String head = source.lines().findFirst().orElse("");
        List<String> words = CellText.words(head.substring(2));
        String body = source.substring(Math.min(source.length(), head.length() + 1));
        try {
            return magics.applyCellMagic(words.isEmpty() ? "" : words.getFirst(), words.stream().skip(1).toList(), body);
        } catch (UndefinedMagicException e) {
            throw Reasons.failure("UndefinedMagic", "there is no cell magic " + head, List.of(Reasons.at(place, 1, head)));
        } catch (CellFailure e) {
            throw e;
        } catch (Exception e) {
            throw Reasons.failure(e.getClass().getSimpleName(), String.valueOf(e.getMessage()), List.of(Reasons.at(place, 1, head)));
        }
    }
}
