package worldmodels.report;

import java.awt.Graphics2D;
import java.awt.Image;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.util.List;
import org.knowm.xchart.internal.chartpart.Chart;

/** A picture for people. It is drawn with two pixels per point, so that it stays sharp on a dense screen and in print. */
public interface Figure {

    /** Pixels per point, each way. */
    int DENSITY = 2;

    /** @return the drawing; {@code width() * DENSITY} pixels wide */
    BufferedImage image();

    /** How wide it is shown, in points. */
    default int width() {
        return image().getWidth() / DENSITY;
    }

    /** One pixel per point, for where bytes count: every four are averaged, so that squares stay squares. */
    default BufferedImage small() {
        BufferedImage full = image();
        BufferedImage half = new BufferedImage(full.getWidth() / DENSITY, full.getHeight() / DENSITY, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = half.createGraphics();
        g.drawImage(full.getScaledInstance(half.getWidth(), half.getHeight(), Image.SCALE_AREA_AVERAGING), 0, 0, null);
        g.dispose();
        return half;
    }

    /** Any XChart chart as it is; {@link Plot} and {@link Bars} already have the house's look. */
    static Figure of(Chart<?, ?> chart) {
        return () -> Look.drawn(chart.getWidth(), chart.getHeight(), g -> chart.paint(g, chart.getWidth(), chart.getHeight()));
    }

    /**
     * Figures in rows and columns, tops and left edges aligned.
     *
     * @param scale 1 for the figures' own size
     */
    static Figure grid(int columns, double scale, List<? extends Figure> figures) {
        return () -> {
            List<BufferedImage> images = figures.stream().map(Figure::image).toList();
            int cellWidth = (int) Math.ceil(scale * images.stream().mapToInt(BufferedImage::getWidth).max().orElseThrow() / DENSITY);
            int cellHeight = (int) Math.ceil(scale * images.stream().mapToInt(BufferedImage::getHeight).max().orElseThrow() / DENSITY);
            int rows = (images.size() + columns - 1) / columns;
            return Look.drawn(columns * cellWidth, rows * cellHeight, g -> {
                for (int i = 0; i < images.size(); i++) {
                    BufferedImage image = images.get(i);
                    AffineTransform place = AffineTransform.getTranslateInstance(i % columns * cellWidth, i / columns * cellHeight);
                    place.scale(scale / DENSITY, scale / DENSITY);
                    g.drawImage(image, place, null);
                }
            });
        };
    }
}
