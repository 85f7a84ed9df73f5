package worldmodels.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jshell.Snippet;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.Completeness;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;

/** A cell as it was typed, taken apart one piece after the other: magics, and statements or declarations of Java. */
final class CellText {

    private static final Pattern MAGIC_LINE = Pattern.compile("^%\\w.*$", Pattern.MULTILINE);
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

    /**
     * @param text as typed, with its semicolon even if that was left out
     * @param line of the cell, from 1, on which it begins
     * @param last whether nothing but blanks and comments follows
     */
    record Piece(Kind kind, String text, int line, boolean last) {}

    enum Kind { MAGIC, JAVA, INCOMPLETE }

    private final SourceCodeAnalysis analysis;
    private final String source;
    private int at;

    CellText(SourceCodeAnalysis analysis, String source) {
        this.analysis = analysis;
        this.source = source;
    }

    /** @return the next piece, or null at the end of the cell */
    Piece next() {
        if (isOver()) {
            return null;
        }
        int line = lineOf(source, at);
        Matcher magic = MAGIC_LINE.matcher(source).region(at, source.length());
        if (magic.lookingAt()) {
            at = magic.end();
            return new Piece(Kind.MAGIC, magic.group(), line, isOver());
        }
        String java = untilMagic();
        CompletionInfo info = analysis.analyzeCompletion(java);
        return switch (info.completeness()) {
            case EMPTY -> {
                // A comment.
                at += java.length();
                yield next();
            }
            case DEFINITELY_INCOMPLETE -> new Piece(Kind.INCOMPLETE, java, line, true);
            default -> {
                // What JShell does not understand, the compiler will name the error of.
                boolean understood = info.completeness() != Completeness.UNKNOWN && info.source() != null;
                at += java.length() - (understood ? info.remaining().length() : 0);
                yield new Piece(Kind.JAVA, understood ? info.source() : java, line, isOver());
            }
        };
    }

    private void skipBlanks() {
        while (at < source.length() && (Character.isWhitespace(source.charAt(at)) || source.charAt(at) == ';')) {
            at++;
        }
    }

    private boolean isOver() {
        skipBlanks();
        return at == source.length() || analysis.analyzeCompletion(source.substring(at)).completeness() == Completeness.EMPTY;
    }

    /** The Java up to the next magic, unless that line is inside a statement, as in a text block, or goes on with one. */
    private String untilMagic() {
        Matcher magic = MAGIC_LINE.matcher(source).region(at, source.length());
        while (magic.find()) {
            if (begins(magic.group(), source.substring(at, magic.start()))) {
                return source.substring(at, magic.start());
            }
        }
        return source.substring(at);
    }

    /**
     * Whether a line with a percent sign is a magic. Behind a statement without its semicolon it may be the rest of a division: then it is one
     * if its name is a magic's and it does not end like Java, or if it makes no sense as Java.
     */
    private boolean begins(String line, String before) {
        String rest = before;
        while (!rest.isBlank()) {
            CompletionInfo info = analysis.analyzeCompletion(rest);
            switch (info.completeness()) {
                case DEFINITELY_INCOMPLETE:
                    return false;
                case UNKNOWN:
                    return true;
                default:
            }
            if (info.remaining().isBlank() && isOpen(info)) {
                return Startup.MAGICS.contains(words(line.substring(1)).getFirst()) && !line.stripTrailing().endsWith(";")
                        || !isJava(rest + line);
            }
            rest = info.remaining();
        }
        return true;
    }

    /** Whether a statement has no end of its own, so that the next line may go on with it. JShell adds the semicolon that some need. */
    private static boolean isOpen(CompletionInfo info) {
        return switch (info.completeness()) {
            case COMPLETE_WITH_SEMI, CONSIDERED_INCOMPLETE -> true;
            case COMPLETE -> !info.source().strip().matches("(?s).*[;}]");
            default -> false;
        };
    }

    private boolean isJava(String statement) {
        CompletionInfo info = analysis.analyzeCompletion(statement);
        return switch (info.completeness()) {
            case UNKNOWN -> false;
            case DEFINITELY_INCOMPLETE -> true;
            default -> analysis.sourceToSnippets(info.source()).stream().noneMatch(snippet -> snippet.kind() == Snippet.Kind.ERRONEOUS);
        };
    }

    /** The words of a magic; quotes hold together what blanks would part. */
    static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(text);
        while (word.find()) {
            words.add(word.group(1) != null ? word.group(1) : word.group(2));
        }
        return words;
    }

    static int lineOf(String source, int at) {
        return 1 + (int) source.substring(0, at).chars().filter(c -> c == '\n').count();
    }
}
