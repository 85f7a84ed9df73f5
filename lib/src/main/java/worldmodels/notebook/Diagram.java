package worldmodels.notebook;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import worldmodels.report.Html;
import worldmodels.run.KitException;

/**
 * A drawing of the kit, an SVG file in {@code lib/src/main/resources/worldmodels/diagrams}. It is shown as an HTML image that holds it, because
 * a notebook which is opened untrusted shows no {@code image/svg+xml}, and a file beside the notebook would be lost in its executed copy.
 *
 * @param svg has its title, which is read out to who cannot see it, in an element {@code title}
 */
record Diagram(String svg) {

    private static final Pattern TITLE = Pattern.compile("<title>([^<]+)</title>");
    private static final Pattern WIDTH = Pattern.compile("<svg[^>]*\\swidth=\"(\\d+)\"");

    static Diagram of(String name) {
        try (InputStream in = Diagram.class.getResourceAsStream("/worldmodels/diagrams/" + name + ".svg")) {
            if (in == null) {
                throw new KitException("There is no diagram '" + name + "'; lib/src/main/resources/worldmodels/diagrams has those there are.");
            }
            return new Diagram(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new KitException("Cannot read the diagram " + name + " (" + e.getMessage() + "); build the library again.", e);
        }
    }

    String title() {
        return found(TITLE, "a title");
    }

    String html() {
        return "<img alt=\"" + Html.escaped(title()) + "\" width=\"" + found(WIDTH, "a width in pixels") + "\" src=\"data:image/svg+xml;base64,"
                + Base64.getEncoder().encodeToString(svg.getBytes(StandardCharsets.UTF_8)) + "\"/>";
    }

    private String found(Pattern pattern, String what) {
        Matcher matcher = pattern.matcher(svg);
        if (!matcher.find()) {
            throw new KitException("A diagram needs " + what + "; see the others in lib/src/main/resources/worldmodels/diagrams.");
        }
        return matcher.group(1);
    }
}
