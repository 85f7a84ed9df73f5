package worldmodels.notebook;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import worldmodels.report.Html;

/** Java as coloured HTML. The colours stand in the elements themselves: a notebook that is opened untrusted keeps those and no style sheet. */
final class Highlighted {

    private static final Pattern TOKENS = Pattern.compile("""
            (?<comment>//[^\\n]*|/\\*[\\s\\S]*?\\*/)\
            |(?<text>\"""[\\s\\S]*?\"""|"(?:[^"\\\\\\n]|\\\\.)*+"|'(?:[^'\\\\\\n]|\\\\.)+')\
            |(?<annotation>@\\w+)\
            |(?<number>\\b\\d[\\d_]*(?:\\.\\d+)?(?:[eE][-+]?\\d+)?[fFdDlL]?\\b)\
            |(?<keyword>\\b(?:abstract|assert|boolean|break|byte|case|catch|char|class|continue|default|do|double|else|enum|extends|final|finally|float\
            |for|if|implements|import|instanceof|int|interface|long|new|null|package|permits|private|protected|public|record|return|sealed|short|static\
            |super|switch|this|throw|throws|true|false|try|var|void|when|while|yield)\\b)""");

    private Highlighted() {}

    static String html(String java) {
        StringBuilder html = new StringBuilder();
        Matcher token = TOKENS.matcher(java);
        int done = 0;
        while (token.find()) {
            html.append(Html.escaped(java.substring(done, token.start())));
            html.append("<span style=\"").append(style(token)).append("\">").append(Html.escaped(token.group())).append("</span>");
            done = token.end();
        }
        return html.append(Html.escaped(java.substring(done))).toString();
    }

    private static String style(Matcher token) {
        if (token.group("comment") != null) {
            return "color:#5c6670";
        }
        if (token.group("text") != null) {
            return "color:#8a3b00";
        }
        if (token.group("keyword") != null) {
            return "color:#6f2da8;font-weight:bold";
        }
        return token.group("number") != null ? "color:#00695c" : "color:#4a5a00";
    }
}
