package worldmodels.report;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.XYStyler;

/** The corner of a plot where a legend hides least. */
enum LegendCorner {

    NW(LegendPosition.InsideNW, 0, 1), NE(LegendPosition.InsideNE, 1, 1), SW(LegendPosition.InsideSW, 0, 0), SE(LegendPosition.InsideSE, 1, 0);

    /** Parts of the plot's width and height that a legend takes. */
    private static final double WIDTH = 0.25;
    private static final double HEIGHT = 0.2;
    /** Points that stand for the stretch of line between two of its own. */
    private static final int BETWEEN = 16;

    private final LegendPosition position;
    private final int right;
    private final int top;

    LegendCorner(LegendPosition position, int right, int top) {
        this.position = position;
        this.right = right;
        this.top = top;
    }

    /** The emptiest; the upper left of several. */
    static LegendPosition of(XYChart chart) {
        Collection<XYSeries> all = chart.getSeriesCollection();
        XYStyler style = chart.getStyler();
        Axis x = Axis.of(all, style.getXAxisMin(), XYSeries::getXMin, style.getXAxisMax(), XYSeries::getXMax, style.isXAxisLogarithmic());
        Axis y = Axis.of(all, style.getYAxisMin(), XYSeries::getYMin, style.getYAxisMax(), XYSeries::getYMax, style.isYAxisLogarithmic());
        return Arrays.stream(values()).min(Comparator.comparingInt(corner -> all.stream().mapToInt(series -> corner.hidden(series, x, y)).sum()))
                .orElseThrow().position;
    }

    private int hidden(XYSeries series, Axis x, Axis y) {
        double[] xs = Arrays.stream(series.getXData()).map(x::share).toArray();
        double[] ys = Arrays.stream(series.getYData()).map(y::share).toArray();
        boolean isLine = !series.getXYSeriesRenderStyle().equals(Optional.of(XYSeriesRenderStyle.Scatter));
        int hidden = 0;
        for (int i = 0; i < xs.length; i++) {
            int steps = isLine && i + 1 < xs.length ? BETWEEN : 1;
            for (int k = 0; k < steps; k++) {
                double t = (double) k / steps;
                double next = t == 0 ? 0 : t * (xs[i + 1] - xs[i]);
                double up = t == 0 ? 0 : t * (ys[i + 1] - ys[i]);
                hidden += Math.abs(right - (xs[i] + next)) < WIDTH && Math.abs(top - (ys[i] + up)) < HEIGHT ? 1 : 0;
            }
        }
        return hidden;
    }

    /** From what value to what the plot reaches. */
    private record Axis(double low, double high, boolean isLogarithmic) {

        /** @param least and {@code most} null where the data say */
        static Axis of(Collection<XYSeries> all, Double least, ToDoubleFunction<XYSeries> low, Double most, ToDoubleFunction<XYSeries> high,
                boolean isLogarithmic) {
            return new Axis(least == null ? all.stream().mapToDouble(low).min().orElse(0) : least,
                    most == null ? all.stream().mapToDouble(high).max().orElse(1) : most, isLogarithmic);
        }

        double share(double value) {
            return isLogarithmic ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
        }
    }
}
