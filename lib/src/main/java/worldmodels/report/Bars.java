package worldmodels.report;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.style.AxesChartStyler.TextAlignment;
import worldmodels.run.KitException;

/** Bars with error bars: one group for each category, one bar in it for each series, e.g. ours beside the published. */
public final class Bars implements Figure {

    private final CategoryChart chart = new CategoryChart(Look.WIDTH, Look.HEIGHT);
    private final List<String> categories;

    public Bars(String title, String y, List<String> categories) {
        this.categories = List.copyOf(categories);
        chart.setTitle(title);
        chart.setYAxisTitle(y);
        Look.apply(chart.getStyler());
        // The categories are names; a format for numbers would replace them.
        chart.getStyler().setXAxisTickLabelsFormattingFunction(null);
        chart.getStyler().setAvailableSpaceFill(0.7).setXAxisLabelAlignmentVertical(TextAlignment.Centre);
    }

    /**
     * @param values one for each category; NaN where there is none
     * @param spread half the length of each error bar; 0 for none
     */
    public Bars series(String name, double[] values, double[] spread) {
        if (values.length != categories.size() || spread.length != categories.size()) {
            throw new KitException("The bars '" + name + "' have " + values.length + " values and " + spread.length + " spreads for "
                    + categories.size() + " categories; give one each.");
        }
        List<Double> bars = Arrays.stream(values).boxed().map(v -> Double.isFinite(v) ? v : null).toList();
        chart.addSeries(name, categories, bars, Arrays.stream(spread).mapToObj(s -> Double.isFinite(s) ? s : 0.0).toList());
        return this;
    }

    /** The chart itself, for what this class does not offer. */
    public CategoryChart chart() {
        return chart;
    }

    @Override
    public BufferedImage image() {
        chart.getStyler().setLegendVisible(chart.getSeriesCollection().size() > 1);
        return Figure.of(chart).image();
    }

    @Override
    public int width() {
        return Look.WIDTH;
    }
}
