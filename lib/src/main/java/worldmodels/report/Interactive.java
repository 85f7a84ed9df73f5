package worldmodels.report;

import com.google.gson.Gson;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import worldmodels.run.WholeFile;

/**
 * A picture that answers its reader, in HTML and JavaScript that need no other file and no kernel: in a notebook, in a page made of one, or as a page of its
 * own. Where scripts are off, or a notebook is not trusted, the picture is what one sees.
 *
 * <p>A script is a resource of this package. It defines {@code start(root, data)}, which makes the picture live, from the parts of {@code parts.js} and of the
 * scripts named before it.
 *
 * @param title   a heading's worth
 * @param picture HTML without a script: an image and what is to be said of it
 * @param scripts names of the resources, e.g. {@code player.js}; the last one has {@code start}; none for a picture that has nothing to answer
 * @param data    what the script works on: records, maps, arrays and numbers that are finite
 */
public record Interactive(String title, String picture, List<String> scripts, Object data) {

    /** A block of HTML. Its name comes from its content: the same picture is the same text on every run, and several stand on one page. */
    public String html() {
        if (scripts.isEmpty()) {
            return picture;
        }
        String json = new Gson().toJson(data);
        String name = "wm-" + WholeFile.sha256((picture + json).getBytes(StandardCharsets.UTF_8)).substring(0, 12);
        return String.format(Locale.ROOT, """
                <div data-live="%1$s">%2$s</div>
                <script>
                (() => {
                'use strict';
                %3$s
                %4$s
                for (const root of document.querySelectorAll('[data-live="%1$s"]:not([data-started])')) {
                  root.dataset.started = '';
                  start(root, %5$s);
                }
                })();
                </script>""", name, picture, resource("parts.js"), scripts.stream().map(Interactive::resource).collect(Collectors.joining("\n")),
                json);
    }

    /** A whole page, for a file. */
    public String page() {
        return String.format(Locale.ROOT, """
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>%1$s</title>
                <style>body { max-width: 760px; margin: 0 auto; padding: 0.5em 1em; font: 16px/1.5 sans-serif; color: #222 }</style>
                </head>
                <body>
                <h1>%1$s</h1>
                %2$s
                </body>
                </html>
                """, Html.escaped(title), html());
    }

    /** Without the comments that begin a line: they are for who reads the source. */
    private static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(Interactive.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).replaceAll("(?m)^ *//.*\n", "").strip();
        } catch (IOException e) {
            throw new UncheckedIOException("The library's " + name + " cannot be read", e);
        }
    }
}
