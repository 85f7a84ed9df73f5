package worldmodels.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.knowm.xchart.AnnotationText;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;
import worldmodels.run.KitException;

/**
 * Curves, points and densities over one pair of axes. Each call adds one series and returns the plot. Values that are not finite are left
 * out, and on a logarithmic axis those that are not above zero.
 */
public final class Plot implements Figure {

    private static final String UNSEEN = "unseen";
    /** Names that a legend below the axes has room for. */
    private static final int MANY = 4;
    private static final float[][] DASHES = {{6, 5}, {2, 4}, {14, 4}, {8, 3, 2, 3}};

    private final XYChart chart = new XYChart(Look.WIDTH, Look.HEIGHT);
    private int colours;
    private int references;

    /** @param title one line; {@code x} and {@code y} name the axes with their units */
    public Plot(String title, String x, String y) {
        chart.setTitle(title);
        chart.setXAxisTitle(x);
        chart.setYAxisTitle(y);
        Look.apply(chart.getStyler());
        chart.getStyler().setMarkerSize(6);
        chart.getStyler().setAnnotationTextFont(Look.SMALL).setAnnotationTextFontColor(Look.INK);
    }

    /** The second line of a hue and those after it are dashed, each in a rhythm of its own. */
    public Plot line(String name, double[] x, double[] y) {
        Color colour = nextColour();
        long before = chart.getSeriesCollection().stream().filter(series -> series.isShowInLegend() && colour.equals(series.getLineColor())).count();
        curve(name, x, y, colour, 2, true);
        if (before > 0) {
            chart.getSeries(name).setLineStyle(dashed(2, (int) before - 1));
        }
        return this;
    }

    /** A mean with its spread as a shade of the same colour. */
    public Plot band(String name, double[] x, double[] low, double[] middle, double[] high) {
        Color colour = nextColour();
        int n = requireSameLength(name, x, low, middle, high);
        int[] kept = IntStream.range(0, n).filter(i -> Double.isFinite(low[i]) && Double.isFinite(high[i])).toArray();
        if (kept.length > 1) {
            double[] around = new double[2 * kept.length];
            double[] edge = new double[2 * kept.length];
            for (int i = 0; i < kept.length; i++) {
                int back = around.length - 1 - i;
                around[i] = around[back] = x[kept[i]];
                edge[i] = low[kept[i]];
                edge[back] = high[kept[i]];
            }
            XYSeries area = chart.addSeries(name + " (spread)", around, edge);
            area.setXYSeriesRenderStyle(XYSeriesRenderStyle.PolygonArea).setMarker(SeriesMarkers.NONE);
            area.setFillColor(Look.transparent(colour, 0.18)).setShowInLegend(false);
            area.setLineColor(Look.transparent(colour, 0)).setLineWidth(0);
        }
        return curve(name, x, middle, colour, 2, true);
    }

    public Plot scatter(String name, double[] x, double[] y) {
        Color colour = Look.transparent(nextColour(), 0.6);
        series(name, x, y).setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter).setMarker(SeriesMarkers.CIRCLE).setMarkerColor(colour);
        return this;
    }

    /** As {@link #scatter(String, double[], double[])}, in a colour that means something. */
    public Plot scatter(String name, double[] x, double[] y, Color colour) {
        series(name, x, y).setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter).setMarker(SeriesMarkers.CIRCLE).setMarkerColor(Look.transparent(colour, 0.6));
        return this;
    }

    /** Points that stand out, e.g. means over what was scattered. */
    public Plot points(String name, double[] x, double[] y, Color colour) {
        series(name, x, y).setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter).setMarker(SeriesMarkers.DIAMOND).setMarkerColor(colour);
        chart.getStyler().setMarkerSize(9);
        return this;
    }

    /** A horizontal stretch, e.g. an interval, which no legend names. */
    public Plot segment(double[] fromTo, double y, Color colour) {
        return curve("segment " + chart.getSeriesCollection().size(), fromTo, new double[] {y, y}, colour, 3, false);
    }

    /** Shares of the values that fall into equal bins between the least and the greatest. */
    public Plot histogram(String name, double[] values, int bins) {
        double[] finite = Arrays.stream(values).filter(Double::isFinite).toArray();
        if (finite.length == 0 || bins < 1) {
            throw new KitException("The histogram '" + name + "' needs finite values and at least one bin.");
        }
        double low = Arrays.stream(finite).min().orElseThrow();
        double high = Arrays.stream(finite).max().orElseThrow();
        double step = high > low ? (high - low) / bins : 1.0 / bins;
        double[] shares = new double[bins];
        for (double value : finite) {
            shares[Math.min(bins - 1, (int) ((value - low) / step))] += 1.0 / finite.length;
        }
        double[] x = new double[2 * bins + 2];
        double[] y = new double[2 * bins + 2];
        for (int i = 0; i < x.length; i++) {
            x[i] = low + i / 2 * step;
            y[i] = i == 0 || i == x.length - 1 ? 0 : shares[(i - 1) / 2];
        }
        return filled(name, x, y, nextColour());
    }

    /**
     * A mixture of normal distributions, bold, over its parts, thin.
     *
     * @param weights sum to 1; as long as {@code means} and {@code sigmas}
     */
    public Plot mixture(String name, double[] weights, double[] means, double[] sigmas) {
        int parts = requireSameLength(name, weights, means, sigmas);
        double low = IntStream.range(0, parts).mapToDouble(k -> means[k] - 4 * sigmas[k]).min().orElseThrow();
        double high = IntStream.range(0, parts).mapToDouble(k -> means[k] + 4 * sigmas[k]).max().orElseThrow();
        double[] x = IntStream.rangeClosed(0, 800).mapToDouble(i -> low + (high - low) * i / 800).toArray();
        double[][] density = new double[parts][];
        for (int k = 0; k < parts; k++) {
            double weight = weights[k];
            double mean = means[k];
            double sigma = sigmas[k];
            density[k] = Arrays.stream(x).map(v -> weight * Math.exp(-0.5 * Math.pow((v - mean) / sigma, 2)) / sigma
                    / Math.sqrt(2 * Math.PI)).toArray();
        }
        filled(name, x, IntStream.range(0, x.length).mapToDouble(i -> Arrays.stream(density).mapToDouble(d -> d[i]).sum()).toArray(),
                nextColour());
        for (int k = 0; k < parts; k++) {
            curve(name + ", part " + (k + 1), x, density[k], Look.MIDDLE, 1, false);
        }
        return this;
    }

    /** A dashed vertical line over the plot's height so far, e.g. at the value that came true. */
    public Plot at(String name, double x) {
        double top = chart.getSeriesCollection().stream().mapToDouble(XYSeries::getYMax).max().orElse(1);
        double bottom = chart.getSeriesCollection().stream().mapToDouble(XYSeries::getYMin).min().orElse(0);
        return reference(name, new double[] {x, x}, new double[] {bottom, top});
    }

    /** A dashed horizontal line over the plot's width so far, e.g. at a published score. */
    public Plot level(String name, double y) {
        double right = chart.getSeriesCollection().stream().mapToDouble(XYSeries::getXMax).max().orElse(1);
        double left = chart.getSeriesCollection().stream().mapToDouble(XYSeries::getXMin).min().orElse(0);
        return reference(name, new double[] {left, right}, new double[] {y, y});
    }

    public Plot logX() {
        chart.getStyler().setXAxisLogarithmic(true);
        return this;
    }

    public Plot logY() {
        chart.getStyler().setYAxisLogarithmic(true);
        return this;
    }

    /** Labels at whole numbers alone, for what is counted. */
    public Plot wholeX() {
        chart.getStyler().setxAxisTickLabelsFormattingFunction(x -> x == Math.rint(x) ? String.valueOf(Math.round(x)) : "");
        return this;
    }

    /** Names at 0, 1, 2 and on in the place of numbers. XChart's axes label numbers alone, so that names are written into the plot, below all that is drawn. */
    public Plot namesX(List<String> names) {
        double low = least(XYSeries::getYMin);
        double span = -least(series -> -series.getYMax()) - low;
        double height = span > 0 ? span : 1;
        chart.getStyler().setYAxisMin(low - 0.12 * height);
        chart.getStyler().setyAxisTickLabelsFormattingFunction(y -> y < low ? "" : Numbers.text(y));
        for (int i = 0; i < names.size(); i++) {
            // Close neighbours stand on two lines.
            double line = names.size() > 4 && i % 2 == 1 ? 0.1 : 0.06;
            chart.addAnnotation(new AnnotationText(names.get(i), i, low - line * height, false));
        }
        chart.getStyler().setxAxisTickLabelsFormattingFunction(x -> "");
        return rangeX(-0.5, names.size() - 0.5);
    }

    /** Names from top to bottom, in the plot over what they name: the first at the height {@code names.size() - 1}, the last at 0. */
    public Plot namesY(List<String> names) {
        double low = least(XYSeries::getXMin);
        double high = -least(series -> -series.getXMax());
        for (int i = 0; i < names.size(); i++) {
            chart.addAnnotation(new AnnotationText(names.get(i), low + 0.5 * (high - low), names.size() - 1 - i + 0.35, false));
        }
        chart.getStyler().setyAxisTickLabelsFormattingFunction(y -> "");
        chart.getStyler().setYAxisMin(-0.5).setYAxisMax(names.size() - 0.4);
        return this;
    }

    private double least(ToDoubleFunction<XYSeries> of) {
        return chart.getSeriesCollection().stream().mapToDouble(of).min().orElse(0);
    }

    /** The series that come next have this hue of {@link Look#COLOURS}: seeds of one model look alike. */
    public Plot hue(int colour) {
        colours = colour;
        return this;
    }

    public Plot rangeX(double low, double high) {
        chart.getStyler().setXAxisMin(low).setXAxisMax(high);
        return this;
    }

    /** The chart itself, for what this class does not offer. */
    public XYChart chart() {
        return chart;
    }

    @Override
    public BufferedImage image() {
        if (chart.getStyler().isXAxisLogarithmic() || chart.getStyler().isYAxisLogarithmic()) {
            keepWhatHasALogarithm();
            labelDecades();
        }
        breakEvenSpacing();
        long named = chart.getSeriesCollection().stream().filter(XYSeries::isShowInLegend).count();
        // Beside the data, never over them: a few names below, many at the side.
        chart.getStyler().setLegendPosition(named > MANY ? LegendPosition.OutsideE : LegendPosition.OutsideS);
        chart.getStyler().setLegendVisible(named > 1);
        return Figure.of(chart).image();
    }

    @Override
    public int width() {
        return Look.WIDTH;
    }

    private void keepWhatHasALogarithm() {
        boolean logX = chart.getStyler().isXAxisLogarithmic();
        boolean logY = chart.getStyler().isYAxisLogarithmic();
        Double left = chart.getStyler().getXAxisMin();
        Double low = chart.getStyler().getYAxisMin();
        if (logX && left != null && left <= 0 || logY && low != null && low <= 0) {
            throw new KitException("A logarithmic axis of figure '" + chart.getTitle() + "' is to begin at zero or below; let it begin above.");
        }
        chart.removeSeries(UNSEEN);
        for (XYSeries series : chart.getSeriesCollection()) {
            double[] x = series.getXData();
            double[] y = series.getYData();
            int[] kept = IntStream.range(0, x.length).filter(i -> (!logX || x[i] > 0) && (!logY || y[i] > 0)).toArray();
            if (kept.length == 0) {
                throw new KitException("The series '" + series.getName() + "' of figure '" + chart.getTitle()
                        + "' has nothing above zero, which alone a logarithmic axis can show; draw it on a linear one.");
            }
            if (kept.length < x.length) {
                chart.updateXYSeries(series.getName(), IntStream.of(kept).mapToDouble(i -> x[i]).toArray(),
                        IntStream.of(kept).mapToDouble(i -> y[i]).toArray(), null);
            }
        }
    }

    /** Over two decades or fewer, 2 and 5 have labels as well: one label alone would not tell the scale. An axis to large numbers has powers of ten throughout. */
    private void labelDecades() {
        AxesChartStyler styler = chart.getStyler();
        double right = -least(series -> -series.getXMax());
        double top = -least(series -> -series.getYMax());
        styler.setXAxisLogarithmicDecadeOnly(right / least(XYSeries::getXMin) > 100).setYAxisLogarithmicDecadeOnly(top / least(XYSeries::getYMin) > 100);
        if (styler.isXAxisLogarithmic()) {
            styler.setXAxisTickLabelsFormattingFunction(value -> decade(value, right));
        }
        if (styler.isYAxisLogarithmic()) {
            styler.setYAxisTickLabelsFormattingFunction(value -> decade(value, top));
        }
    }

    private static String decade(double value, double most) {
        int leading = new BigDecimal(value).round(new MathContext(1)).unscaledValue().intValue();
        if (leading != 1 && leading != 2 && leading != 5) {
            return "";
        }
        return most >= Look.LARGE ? Look.power(value) : Look.tick(value);
    }

    /** XChart labels evenly spaced data at the data (1, 5, 9, ...); an unseen point between them makes it choose round numbers. */
    private void breakEvenSpacing() {
        if (chart.getSeries(UNSEEN) == null && !chart.getSeriesCollection().isEmpty()) {
            XYSeries first = chart.getSeriesCollection().iterator().next();
            double[] x = {between(first.getXMin(), first.getXMax())};
            double[] y = {between(first.getYMin(), first.getYMax())};
            series(UNSEEN, x, y).setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter).setMarker(SeriesMarkers.NONE).setShowInLegend(false);
        }
    }

    private static double between(double low, double high) {
        return low + (high - low) / Math.PI;
    }

    private Color nextColour() {
        return Look.COLOURS[colours++ % Look.COLOURS.length];
    }

    private Plot curve(String name, double[] x, double[] y, Color colour, int width, boolean inLegend) {
        XYSeries series = series(name, x, y);
        // A line through one point would not be seen.
        series.setXYSeriesRenderStyle(XYSeriesRenderStyle.Line).setMarker(series.getXData().length == 1 ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE)
                .setShowInLegend(inLegend);
        series.setMarkerColor(colour);
        series.setLineColor(colour).setLineWidth(width).setLineStyle(new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        return this;
    }

    private Plot filled(String name, double[] x, double[] y, Color colour) {
        XYSeries series = series(name, x, y);
        series.setXYSeriesRenderStyle(XYSeriesRenderStyle.Area).setMarker(SeriesMarkers.NONE);
        series.setFillColor(Look.transparent(colour, 0.25));
        series.setLineColor(colour).setLineWidth(2);
        return this;
    }

    private Plot reference(String name, double[] x, double[] y) {
        XYSeries series = series(name, x, y);
        series.setXYSeriesRenderStyle(XYSeriesRenderStyle.Line).setMarker(SeriesMarkers.NONE);
        // Each next one in another rhythm, so that the legend tells them apart.
        series.setLineColor(Look.INK).setLineStyle(dashed(1.5f, references++));
        return this;
    }

    private static BasicStroke dashed(float width, int rhythm) {
        return new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, DASHES[rhythm % DASHES.length], 0);
    }

    private XYSeries series(String name, double[] x, double[] y) {
        int[] kept = IntStream.range(0, requireSameLength(name, x, y))
                .filter(i -> Double.isFinite(x[i]) && Double.isFinite(y[i])).toArray();
        if (kept.length == 0) {
            throw new KitException("The series '" + name + "' of figure '" + chart.getTitle() + "' has no finite value to draw.");
        }
        if (chart.getSeries(name) != null) {
            throw new KitException("Figure '" + chart.getTitle() + "' already has a series '" + name + "'; give this one another name.");
        }
        return chart.addSeries(name, IntStream.of(kept).mapToDouble(i -> x[i]).toArray(),
                IntStream.of(kept).mapToDouble(i -> y[i]).toArray());
    }

    private static int requireSameLength(String name, double[] first, double[]... others) {
        for (double[] other : others) {
            if (other.length != first.length) {
                throw new KitException("The series '" + name + "' has " + first.length + " and " + other.length + " values; give as many.");
            }
        }
        return first.length;
    }
}
