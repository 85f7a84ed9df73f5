package worldmodels.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.math.BigDecimal;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler;

/** One look for all figures: white ground, thin grid, readable type, colours that colour-blind readers can tell apart. */
public final class Look {

    static final int WIDTH = 900;
    static final int HEIGHT = 560;

    public static final Color INK = new Color(0x222222);
    static final Color FAINT = new Color(0xdddddd);
    /** Of what stands beside the rows that are compared, such as a yardstick. */
    public static final Color MIDDLE = new Color(0x8a8a8a);

    /** Okabe and Ito's palette (2008) without its yellow, which is unreadable on white. */
    public static final Color[] COLOURS = Stream.of(0x0072b2, 0xd55e00, 0x009e73, 0xcc79a7, 0xe69f00, 0x56b4e9, 0x000000)
            .map(Color::new).toArray(Color[]::new);

    /** From here on a number is written as a power of ten. */
    static final double LARGE = 1e7;

    static final Font TEXT = new Font(Font.SANS_SERIF, Font.PLAIN, 14);
    static final Font SMALL = TEXT.deriveFont(12f);
    public static final Font TITLE = TEXT.deriveFont(Font.BOLD, 16f);

    private Look() {}

    /** A white canvas of a size in points, drawn on with smooth lines and type. */
    public static BufferedImage drawn(int width, int height, Consumer<Graphics2D> drawing) {
        BufferedImage image = new BufferedImage(width * Figure.DENSITY, height * Figure.DENSITY, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        try {
            g.scale(Figure.DENSITY, Figure.DENSITY);
            g.setColor(Color.WHITE);
            g.fillRect(0, 0, width, height);
            smooth(g);
            drawing.accept(g);
        } finally {
            g.dispose();
        }
        return image;
    }

    static void smooth(Graphics2D g) {
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        g.setRenderingHint(RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
    }

    static void apply(AxesChartStyler style) {
        style.setChartBackgroundColor(Color.WHITE);
        style.setPlotBackgroundColor(Color.WHITE);
        style.setPlotBorderVisible(false);
        style.setPlotGridLinesColor(FAINT);
        style.setPlotGridLinesStroke(new BasicStroke(1));
        style.setPlotGridVerticalLinesVisible(false);
        style.setChartFontColor(INK);
        style.setChartTitleFont(TITLE);
        style.setChartTitleBoxVisible(false);
        style.setChartTitlePadding(10);
        style.setAxisTitleFont(TEXT);
        style.setAxisTickLabelsFont(SMALL);
        style.setAxisTickLabelsColor(INK);
        style.setAxisTickMarksColor(MIDDLE);
        style.setLegendFont(SMALL);
        style.setLegendPosition(Styler.LegendPosition.OutsideS);
        style.setLegendBorderColor(FAINT);
        style.setLegendBackgroundColor(new Color(255, 255, 255, 220));
        style.setLegendPadding(8);
        style.setChartPadding(14);
        style.setXAxisTickLabelsFormattingFunction(Look::tick);
        style.setYAxisTickLabelsFormattingFunction(Look::tick);
        style.setSeriesColors(COLOURS);
        style.setErrorBarsColor(INK);
    }

    /** A tick's value without digits that its axis does not need; very large and very small ones as 5·10⁻⁴. */
    static String tick(double value) {
        double size = Math.abs(value);
        return size != 0 && (size >= LARGE || size < 1e-3) ? power(value) : written("#,##0.######", value);
    }

    /** As 5·10⁻⁴. */
    static String power(double value) {
        String[] parts = written("0.##E0", value).split("E");
        String power = "10" + parts[1].chars().mapToObj(c -> c == '-' ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹".substring(c - '0', c - '0' + 1)).collect(Collectors.joining());
        return parts[0].equals("1") ? power : parts[0] + "·" + power;
    }

    private static String written(String pattern, double value) {
        return new DecimalFormat(pattern, DecimalFormatSymbols.getInstance(Locale.ROOT)).format(new BigDecimal(value));
    }

    static Color transparent(Color colour, double opacity) {
        return new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), (int) Math.round(255 * opacity));
    }
}
