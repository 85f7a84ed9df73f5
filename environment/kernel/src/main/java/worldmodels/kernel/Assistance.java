package worldmodels.kernel;

import io.github.spencerpark.jupyter.kernel.ReplacementOptions;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import jdk.jshell.SourceCodeAnalysis.Documentation;
import jdk.jshell.SourceCodeAnalysis.Suggestion;

/** What the editor asks while somebody types: completion, documentation, and whether a cell is finished. */
final class Assistance {

    enum State { COMPLETE, INCOMPLETE, INVALID }

    private Assistance() {}

    static ReplacementOptions complete(SourceCodeAnalysis analysis, String code, int cursor) {
        int at = Math.clamp(cursor, 0, code.length());
        int start = statementStart(analysis, code.substring(0, at));
        int[] anchor = {-1};
        List<String> options = analysis.completionSuggestions(code.substring(start, at), at - start, anchor).stream()
                .sorted(Comparator.comparing((Suggestion s) -> !s.matchesType()).thenComparing(Suggestion::continuation))
                .map(Suggestion::continuation)
                .distinct()
                .toList();
        return options.isEmpty() ? null : new ReplacementOptions(options, start + Math.max(0, anchor[0]), at);
    }

    static DisplayData inspect(SourceCodeAnalysis analysis, String code, int cursor) {
        int at = Math.clamp(cursor, 0, code.length());
        int start = statementStart(analysis, code.substring(0, at));
        // JShell documents the call or name that ends at the cursor, so go to the end of the word under it.
        int end = at;
        while (end < code.length() && Character.isJavaIdentifierPart(code.charAt(end))) {
            end++;
        }
        String text = documentation(analysis, code.substring(start, end));
        if (text.isEmpty() && end > start && Character.isJavaIdentifierPart(code.charAt(end - 1))) {
            text = documentation(analysis, code.substring(start, end) + "(");
        }
        return text.isEmpty() ? null : new DisplayData(text);
    }

    static State completeness(SourceCodeAnalysis analysis, String code) {
        String rest = code;
        while (!rest.isBlank()) {
            CompletionInfo info = analysis.analyzeCompletion(rest);
            switch (info.completeness()) {
                case UNKNOWN:
                    return rest.stripLeading().startsWith("%") ? State.COMPLETE : State.INVALID;
                case DEFINITELY_INCOMPLETE, CONSIDERED_INCOMPLETE:
                    return State.INCOMPLETE;
                case EMPTY:
                    return State.COMPLETE;
                default:
                    rest = info.remaining();
            }
        }
        return State.COMPLETE;
    }

    private static String documentation(SourceCodeAnalysis analysis, String code) {
        return analysis.documentation(code, code.length(), true).stream()
                .map(Assistance::text)
                .distinct()
                .collect(Collectors.joining("\n\n"));
    }

    private static String text(Documentation documentation) {
        String doc = documentation.javadoc();
        return documentation.signature() + (doc == null || doc.isBlank() ? "" : "\n" + Javadoc.plain(doc));
    }

    /** JShell looks at one statement; this is where the one begins that the code ends in. */
    private static int statementStart(SourceCodeAnalysis analysis, String code) {
        String rest = code;
        while (true) {
            CompletionInfo info = analysis.analyzeCompletion(rest);
            String next = info.remaining();
            if (!info.completeness().isComplete() || next == null || next.isBlank() || next.length() >= rest.length()) {
                return code.length() - rest.length();
            }
            rest = next;
        }
    }
}
