package worldmodels.report;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.Base64;
import java.util.List;

/** Images of HTML that stand for something live where no script runs. */
public final class Still {

    private Still() {}

    /** A figure. */
    public static String figure(String what, Figure figure) {
        return "<img alt=\"" + Html.escaped(what) + "\" style=\"max-width: 100%\" width=\"" + figure.width() + "\" src=\"data:image/png;base64,"
                + Base64.getEncoder().encodeToString(Png.bytes(figure.small())) + "\">";
    }

    /**
     * Frames side by side, with a line below them.
     *
     * @param what   is seen
     * @param frames of one size
     * @param scale  pixels per pixel of a frame, each way
     */
    public static String filmstrip(String what, List<RgbFrame> frames, int scale) {
        int width = frames.getFirst().width();
        BufferedImage strip = new BufferedImage(frames.size() * width, frames.getFirst().height(), BufferedImage.TYPE_INT_RGB);
        Graphics2D g = strip.createGraphics();
        for (int i = 0; i < frames.size(); i++) {
            g.drawImage(frames.get(i).image(1), i * width, 0, null);
        }
        g.dispose();
        return "<div style=\"overflow-x: auto\"><img alt=\"" + Html.escaped(what) + "\" style=\"max-width: none\" width=\"" + scale * strip.getWidth() + "\" src=\""
                + Jpeg.address(Jpeg.bytes(strip)) + "\"></div><div style=\"font-size: 85%\">" + Html.escaped(what) + "</div>";
    }
}
