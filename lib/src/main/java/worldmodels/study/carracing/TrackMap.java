package worldmodels.study.carracing;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import worldmodels.report.Figure;
import worldmodels.report.Look;
import worldmodels.run.KitException;

/** A track seen from above, with the paths driven on it. World units keep their proportions; y points up. */
public final class TrackMap implements Figure {

    private static final int SIZE = 440;
    private static final int MARGIN = 24;
    private static final int TITLE = 30;
    private static final Color ROAD = new Color(0xe4e4e4);

    private record Line(double[] x, double[] y) {}

    private final String title;
    private final double roadWidth;
    private final Line track;
    private final List<Line> paths = new ArrayList<>();

    /**
     * @param roadWidth in world units
     * @param x         of the road's middle line, a closed loop; {@code y} as long
     */
    public TrackMap(String title, double roadWidth, double[] x, double[] y) {
        this.title = title;
        this.roadWidth = roadWidth;
        this.track = line(x, y);
    }

    /** A path that was driven, in a colour of its own; a dot marks its end. */
    public TrackMap path(double[] x, double[] y) {
        paths.add(line(x, y));
        return this;
    }

    @Override
    public BufferedImage image() {
        double left = all(Line::x).min().orElseThrow();
        double right = all(Line::x).max().orElseThrow();
        double bottom = all(Line::y).min().orElseThrow();
        double top = all(Line::y).max().orElseThrow();
        double scale = (SIZE - 2 * MARGIN) / (Math.max(right - left, top - bottom) + roadWidth);
        int height = 2 * MARGIN + (int) Math.ceil(scale * (top - bottom + roadWidth));
        return Look.drawn(SIZE, TITLE + height, g -> {
            g.setColor(Look.INK);
            g.setFont(Look.TITLE.deriveFont(14f));
            g.drawString(title, MARGIN / 2, 20);
            // From here on the drawing is in world units.
            g.translate(SIZE / 2.0, TITLE + height / 2.0);
            g.scale(scale, -scale);
            g.translate(-(left + right) / 2, -(bottom + top) / 2);
            g.setColor(ROAD);
            g.setStroke(stroke(roadWidth));
            g.draw(shape(track, true));
            for (int i = 0; i < paths.size(); i++) {
                drawPath(g, paths.get(i), Look.COLOURS[i % Look.COLOURS.length], 2 / scale);
            }
        });
    }

    private DoubleStream all(Function<Line, double[]> axis) {
        return Stream.concat(Stream.of(track), paths.stream()).map(axis).flatMapToDouble(DoubleStream::of);
    }

    private static void drawPath(Graphics2D g, Line path, Color colour, double width) {
        g.setColor(colour);
        g.setStroke(stroke(width));
        g.draw(shape(path, false));
        double x = path.x[path.x.length - 1];
        double y = path.y[path.y.length - 1];
        g.fill(new Ellipse2D.Double(x - 2 * width, y - 2 * width, 4 * width, 4 * width));
    }

    private static BasicStroke stroke(double width) {
        return new BasicStroke((float) width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
    }

    private static Path2D shape(Line line, boolean closed) {
        Path2D path = new Path2D.Double();
        path.moveTo(line.x[0], line.y[0]);
        for (int i = 1; i < line.x.length; i++) {
            path.lineTo(line.x[i], line.y[i]);
        }
        if (closed) {
            path.closePath();
        }
        return path;
    }

    private Line line(double[] x, double[] y) {
        if (x.length == 0 || x.length != y.length) {
            throw new KitException("A line on the map '" + title + "' has " + x.length + " x and " + y.length
                    + " y; give as many of each.");
        }
        return new Line(x.clone(), y.clone());
    }
}
