package worldmodels.kernel;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A documentation comment as plain text, which is what Shift-Tab can show everywhere. */
final class Javadoc {

    private static final Pattern INLINE = Pattern.compile("\\{@(\\w+)\\s+([^{}]*)}");
    private static final Pattern PARAMETER = Pattern.compile("(?m)^@param\\s+(\\S+)\\s+");
    private static final Pattern RESULT = Pattern.compile("(?m)^@return\\s+");
    private static final Pattern FAILURE = Pattern.compile("(?m)^@(?:throws|exception)\\s+(\\S+)\\s+");
    /** Tags that tell nothing to somebody who is about to write a call, with the lines that belong to them. */
    private static final Pattern OTHER = Pattern.compile("(?m)^@\\w+[^\n]*\n?(?:(?!@)[^\n]+\n?)*");

    private Javadoc() {}

    static String plain(String comment) {
        String text = comment.lines().map(String::strip).reduce("", (a, b) -> a + b + "\n");
        text = INLINE.matcher(text).replaceAll(tag -> Matcher.quoteReplacement(inline(tag.group(1), tag.group(2))));
        text = text.replaceAll("(?i)</?(?:p|ul|ol|pre|table|tr|h\\d)\\b[^>]*>", "\n").replaceAll("(?i)<li>\\s*", "- ");
        text = text.replaceAll("</?[a-zA-Z][^<>]*>", "");
        text = text.replace("&nbsp;", " ").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
        text = PARAMETER.matcher(text).replaceAll("  $1: ");
        text = RESULT.matcher(text).replaceAll("  returns: ");
        text = FAILURE.matcher(text).replaceAll("  throws $1: ");
        return OTHER.matcher(text).replaceAll("").replaceAll("\n{3,}", "\n\n").strip();
    }

    /** {@code {@link Progress#at at}} becomes its label, {@code {@link Progress#at}} the name with a dot. */
    private static String inline(String tag, String content) {
        String text = content.strip();
        if (!tag.startsWith("link")) {
            return text;
        }
        int label = text.indexOf(')') >= 0 ? text.indexOf(' ', text.indexOf(')')) : text.indexOf(' ');
        return label > 0 ? text.substring(label + 1) : text.replaceFirst("^#", "").replace('#', '.');
    }
}
