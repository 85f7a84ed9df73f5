package worldmodels.kernel;

import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import java.util.List;
import java.util.Locale;

/** The beginning of a text that is too long to be shown: a page that gets a hundred megabytes shows nothing at all. */
final class Excerpt {

    /** Characters of a text. */
    private static final int TEXT = 1 << 20;
    /** Characters of a page or drawing, which may hold pictures and cannot be cut. */
    private static final int PAGE = 1 << 26;

    private static final List<MIMEType> TEXTS = List.of(MIMEType.TEXT_PLAIN, MIMEType.TEXT_MARKDOWN, MIMEType.TEXT_LATEX);
    private static final List<MIMEType> PAGES = List.of(MIMEType.TEXT_HTML, MIMEType.IMAGE_SVG, MIMEType.APPLICATION_JAVASCRIPT,
            MIMEType.APPLICATION_JSON);

    private Excerpt() {}

    static String of(String text) {
        return text.length() <= TEXT ? text : text.substring(0, TEXT) + "\n... " + note(text, "cut here");
    }

    /** Shortens what is about to be shown, where it stands. */
    static void shorten(DisplayData shown) {
        for (MIMEType type : TEXTS) {
            if (shown.getData(type) instanceof CharSequence text && text.length() > TEXT) {
                shown.putData(type, of(text.toString()));
            }
        }
        for (MIMEType type : PAGES) {
            if (shown.getData(type) instanceof CharSequence page && page.length() > PAGE) {
                shown.putData(type, note(page, "too long to be shown"));
            }
        }
    }

    private static String note(CharSequence text, String what) {
        return "(" + what + ": " + String.format(Locale.ROOT, "%,d", text.length()) + " characters in all)";
    }
}
