package worldmodels.notebook;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.knowm.xchart.internal.chartpart.Chart;
import tech.tablesaw.api.Table;
import worldmodels.data.Episode;
import worldmodels.report.AnimatedGif;
import worldmodels.report.ComparisonTable;
import worldmodels.report.Figure;
import worldmodels.report.Interactive;
import worldmodels.report.Player;
import worldmodels.report.Png;
import worldmodels.report.ResultTable;
import worldmodels.report.RgbFrame;
import worldmodels.run.Provenance;
import worldmodels.study.carracing.Drive;
import worldmodels.study.carracing.RolloutFigures;

/**
 * One thing in every form a reader may want it, as Jupyter's protocol has it.
 *
 * @param data MIME type to content; always has {@code text/plain}
 */
record MimeBundle(SequencedMap<String, Object> data) {

    static final String PLAIN = "text/plain";
    static final String HTML = "text/html";
    static final String MARKDOWN = "text/markdown";
    static final String PNG = "image/png";

    /** Wider figures fill the page anyway and keep their full sharpness; narrower ones would grow to twice their size. */
    private static final int PAGE = 700;

    /** Frames of a drive that are shown: 16 s; a whole one would be megabytes. */
    private static final int DRIVE = 400;

    static MimeBundle of(Object value) {
        return switch (value) {
            case AnimatedGif animation -> interactive(Player.of(animation));
            case Interactive interactive -> interactive(interactive);
            case Figure figure -> png(figure.width() < PAGE ? figure.small() : figure.image());
            case Chart<?, ?> chart -> of(Figure.of(chart));
            case RgbFrame frame -> png(frame.image(3));
            case BufferedImage image -> png(onWhite(image));
            case Drive drive -> of(drive.animation(DRIVE));
            case Episode episode when isPictures(episode) -> of(RolloutFigures.glance(episode));
            case ComparisonTable table -> table(table.table());
            case ResultTable table -> table(table);
            case Table table -> table(new ResultTable(table.name() == null ? "" : table.name(), table));
            case byte[] bytes when startsWith(bytes, 'G', 'I', 'F') -> gif(bytes);
            case byte[] bytes when startsWith(bytes, 0x89, 'P', 'N') -> with(PNG, Base64.getEncoder().encodeToString(bytes), "[picture]");
            case Provenance provenance -> plain(provenance.toJson());
            case null, default -> plain(String.valueOf(value));
        };
    }

    private static boolean isPictures(Episode episode) {
        int[] shape = episode.observationShape();
        return shape.length == 3 && shape[2] == 3;
    }

    static MimeBundle plain(String text) {
        return new MimeBundle(new LinkedHashMap<>(Map.of(PLAIN, text)));
    }

    static MimeBundle with(String type, String content, String plain) {
        SequencedMap<String, Object> data = new LinkedHashMap<>();
        data.put(type, content);
        data.put(PLAIN, plain);
        return new MimeBundle(data);
    }

    String text() {
        return data.get(PLAIN).toString();
    }

    /** Black on a ground that lets a dark page through could not be read; figures have a white one, too. */
    private static BufferedImage onWhite(BufferedImage image) {
        if (!image.getColorModel().hasAlpha()) {
            return image;
        }
        BufferedImage opaque = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
        Graphics2D g = opaque.createGraphics();
        g.drawImage(image, 0, 0, Color.WHITE, null);
        g.dispose();
        return opaque;
    }

    private static MimeBundle png(BufferedImage image) {
        return with(PNG, Base64.getEncoder().encodeToString(Png.bytes(image)),
                "[picture, " + image.getWidth() + " x " + image.getHeight() + " pixels]");
    }

    private static MimeBundle interactive(Interactive interactive) {
        return with(HTML, interactive.html(), "[" + interactive.title() + "]");
    }

    /** As an HTML image, because neither the classic Notebook nor exported pages know {@code image/gif} as an output. */
    private static MimeBundle gif(byte[] bytes) {
        return with(HTML, "<img alt=\"animation\" src=\"data:image/gif;base64," + Base64.getEncoder().encodeToString(bytes) + "\"/>", "[animation]");
    }

    private static MimeBundle table(ResultTable table) {
        return with(HTML, table.html(), table.text());
    }

    private static boolean startsWith(byte[] bytes, int... magic) {
        for (int i = 0; i < magic.length; i++) {
            if (bytes.length <= i || bytes[i] != (byte) magic[i]) {
                return false;
            }
        }
        return true;
    }
}
