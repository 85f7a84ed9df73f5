package worldmodels.report;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * An animation that a reader plays, stops and steps through, with a bar for each of its numbers. Its frames lie on one sheet, a JPEG picture, column by column,
 * so that the sheet's upper end shows the episode in equal steps: that is what is seen where scripts are off. Of frames that would take more than
 * {@value AnimatedGif#LARGEST} bytes every second, third, ... alone is there.
 */
public final class Player {

    private static final int COLUMNS = 8;
    /** A compressed square of JPEG; frames that begin with one do not shine into each other. */
    private static final int SQUARE = 8;
    /** Browsers draw no picture that is higher. */
    private static final int HIGHEST = 16_000;

    private record Window(String label, int width, int height) {}

    private record Bar(String label, double low, double high, double[] values) {}

    /** What {@code player.js} reads. */
    private record Film(int frames, int length, int every, double rate, int scale, int[] cell, int columns, int rows, List<Window> panels, List<Bar> traces) {}

    private record Sheet(int every, int frames, int columns, int rows, byte[] jpeg) {}

    private final AnimatedGif animation;
    private final int width;
    private final int height;

    private Player(AnimatedGif animation) {
        this.animation = animation;
        this.width = squares(animation.panels().stream().mapToInt(panel -> panel.frame(0).width()).max().orElseThrow());
        this.height = squares(animation.panels().stream().mapToInt(panel -> panel.frame(0).height()).max().orElseThrow());
    }

    public static Interactive of(AnimatedGif animation) {
        animation.requirePanel();
        return new Player(animation).interactive();
    }

    private Interactive interactive() {
        Sheet sheet = sheet(1);
        while (sheet.jpeg.length > AnimatedGif.LARGEST && sheet.frames > 1) {
            sheet = sheet((int) Math.max(sheet.every + 1, Math.ceilDiv((long) sheet.every * sheet.jpeg.length, (long) AnimatedGif.LARGEST)));
        }
        String what = "animation of " + animation.length() + " frames" + (sheet.every == 1 ? "" : ", one of " + sheet.every + " is shown");
        List<Window> windows = animation.panels().stream().map(panel -> new Window(panel.label(), panel.frame(0).width(), panel.frame(0).height())).toList();
        List<Bar> bars = animation.traces().stream().map(trace -> new Bar(trace.label(), trace.low(), trace.high(), rounded(trace.values()))).toList();
        return new Interactive(what, picture(sheet, what), List.of("player.js"), new Film(sheet.frames, animation.length(), sheet.every, animation.framesPerSecond(),
                animation.scale(), new int[] {width, height}, sheet.columns, sheet.rows, windows, bars));
    }

    /** The sheet's upper end: a row for each panel, from the beginning to the end. */
    private String picture(Sheet sheet, String what) {
        String labels = animation.panels().stream().map(AnimatedGif.Panel::label).collect(Collectors.joining("; "));
        return String.format(Locale.ROOT, """
                <div style="overflow-x: auto; overflow-y: hidden; height: %dpx"><img alt="%s: %s" style="max-width: none" width="%d" \
                src="%s"></div><div style="font-size: 85%%">%s</div>""", animation.panels().size() * height * animation.scale(),
                Html.escaped(what), Html.escaped(labels), sheet.columns * width * animation.scale(), Jpeg.address(sheet.jpeg),
                Html.escaped(labels));
    }

    private Sheet sheet(int every) {
        int panels = animation.panels().size();
        int frames = Math.ceilDiv(animation.length(), every);
        int columns = Math.max(Math.min(COLUMNS, frames), Math.ceilDiv(frames * panels * height, HIGHEST));
        int rows = Math.ceilDiv(frames, columns);
        BufferedImage image = new BufferedImage(columns * width, rows * panels * height, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        for (int t = 0; t < frames; t++) {
            for (int p = 0; p < panels; p++) {
                RgbFrame frame = animation.panels().get(p).frame(t * every);
                int x = t / rows * width;
                int y = (t % rows * panels + p) * height;
                // First as large as the cell: its last squares then go on as the frame ends, and cost next to nothing.
                g.drawImage(frame.image(1), x, y, width, height, null);
                g.drawImage(frame.image(1), x, y, null);
            }
        }
        g.dispose();
        return new Sheet(every, frames, columns, rows, Jpeg.bytes(image));
    }

    private static int squares(int pixels) {
        return SQUARE * Math.ceilDiv(pixels, SQUARE);
    }

    /** A bar shows no more than three digits behind the point. */
    private static double[] rounded(double[] values) {
        double[] rounded = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            rounded[i] = Math.round(1000 * values[i]) / 1000.0;
        }
        return rounded;
    }
}
