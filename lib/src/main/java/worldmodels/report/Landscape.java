package worldmodels.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleBinaryOperator;

/**
 * A function of two numbers from above, the lower the darker in steps of equal ratio, and a search on it: candidates as dots, their normal distribution
 * as an ellipse, the way of its mean as a line.
 */
public final class Landscape implements Figure {

    private static final int SIZE = 560;
    private static final int TITLE = 36;
    private static final int LEGEND = 170;
    private static final int BANDS = 12;
    private static final Color LOW = new Color(0x9fb8c8);

    private record Cloud(String name, double[][] points, double[] mean, double[][] axes) {}

    private final String title;
    private final double left;
    private final double right;
    private final double bottom;
    private final double top;
    private final DoubleBinaryOperator height;
    private final List<Cloud> clouds = new ArrayList<>();
    private final List<double[]> means = new ArrayList<>();

    /** @param height of the landscape, least where the search wants to go */
    public Landscape(String title, double left, double right, double bottom, double top, DoubleBinaryOperator height) {
        this.title = title;
        this.left = left;
        this.right = right;
        this.bottom = bottom;
        this.top = top;
        this.height = height;
    }

    /**
     * @param points (candidates, 2)
     * @param axes   the ellipse is {@code mean + axes u} for all u of length 1.5, which holds two thirds of a normal distribution; (2, 2)
     */
    public Landscape cloud(String name, double[][] points, double[] mean, double[][] axes) {
        clouds.add(new Cloud(name, points, mean.clone(), axes));
        return this;
    }

    /** The next point on the mean's way. */
    public Landscape mean(double[] mean) {
        means.add(mean.clone());
        return this;
    }

    @Override
    public BufferedImage image() {
        double scale = SIZE / (right - left);
        int tall = (int) Math.ceil(scale * (top - bottom));
        BufferedImage ground = ground(SIZE, tall);
        return Look.drawn(SIZE + LEGEND, TITLE + tall, g -> {
            g.setColor(Look.INK);
            g.setFont(Look.TITLE);
            g.drawString(title, 8, 24);
            g.drawImage(ground, 0, TITLE, null);
            legend(g);
            g.setClip(0, TITLE, SIZE, tall);
            AffineTransform place = new AffineTransform(scale, 0, 0, -scale, -left * scale, TITLE + top * scale);
            Path2D way = new Path2D.Double();
            means.forEach(mean -> {
                if (way.getCurrentPoint() == null) {
                    way.moveTo(mean[0], mean[1]);
                } else {
                    way.lineTo(mean[0], mean[1]);
                }
            });
            g.setColor(Look.INK);
            g.setStroke(new BasicStroke(1.5f));
            g.draw(place.createTransformedShape(way));
            for (int i = 0; i < clouds.size(); i++) {
                draw(g, clouds.get(i), Look.COLOURS[i % Look.COLOURS.length], place);
            }
        });
    }

    private static void draw(Graphics2D g, Cloud cloud, Color colour, AffineTransform place) {
        double[][] a = cloud.axes;
        AffineTransform spread = new AffineTransform(a[0][0], a[1][0], a[0][1], a[1][1], cloud.mean[0], cloud.mean[1]);
        g.setColor(colour);
        g.setStroke(new BasicStroke(2.5f));
        g.draw(place.createTransformedShape(spread.createTransformedShape(new Ellipse2D.Double(-1.5, -1.5, 3, 3))));
        for (double[] point : cloud.points) {
            double[] at = new double[2];
            place.transform(point, 0, at, 0, 1);
            g.fill(new Ellipse2D.Double(at[0] - 3, at[1] - 3, 6, 6));
        }
    }

    private void legend(Graphics2D g) {
        g.setFont(Look.SMALL);
        for (int i = 0; i < clouds.size(); i++) {
            g.setColor(Look.COLOURS[i % Look.COLOURS.length]);
            g.fill(new Ellipse2D.Double(SIZE + 14, TITLE + 14 + 22 * i, 9, 9));
            g.setColor(Look.INK);
            g.drawString(clouds.get(i).name, SIZE + 30, TITLE + 23 + 22 * i);
        }
    }

    private BufferedImage ground(int wide, int tall) {
        double[] heights = new double[wide * tall];
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (int y = 0; y < tall; y++) {
            for (int x = 0; x < wide; x++) {
                double h = height.applyAsDouble(left + (right - left) * x / wide, top - (top - bottom) * y / tall);
                heights[y * wide + x] = h;
                least = Math.min(least, h);
                most = Math.max(most, h);
            }
        }
        BufferedImage image = new BufferedImage(wide, tall, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < heights.length; i++) {
            // In steps of equal ratio above a thousandth of the whole height.
            double share = Math.log1p((heights[i] - least) / (most - least) * 1000) / Math.log1p(1000);
            double band = Math.min(BANDS - 1, Math.floor(share * BANDS)) / (BANDS - 1);
            image.setRGB(i % wide, i / wide, mixed(band));
        }
        return image;
    }

    private static int mixed(double share) {
        int red = (int) (LOW.getRed() + share * (255 - LOW.getRed()));
        int green = (int) (LOW.getGreen() + share * (255 - LOW.getGreen()));
        int blue = (int) (LOW.getBlue() + share * (255 - LOW.getBlue()));
        return red << 16 | green << 8 | blue;
    }
}
