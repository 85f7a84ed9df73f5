package worldmodels.report;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.List;

/** Frames side by side, as an image of HTML with a line below it: what stands for something live where no script runs. */
public final class Filmstrip {

    private Filmstrip() {}

    /**
     * @param what   is seen
     * @param frames of one size
     * @param scale  pixels per pixel of a frame, each way
     */
    public static String html(String what, List<RgbFrame> frames, int scale) {
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
