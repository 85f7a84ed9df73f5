package worldmodels.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.BasicStroke;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knowm.xchart.style.Styler.LegendPosition;
import worldmodels.nn.LearningCurve;
import worldmodels.run.KitException;
import worldmodels.study.carracing.TrackMap;

class FiguresTest {

    private static final double[] X = IntStream.range(1, 101).asDoubleStream().toArray();

    @TempDir
    Path folder;

    @Test
    void theLegendLiesBesideTheData() {
        Plot few = new Plot("t", "x", "y").line("a", X, X).level("b", 3);
        few.image();
        assertEquals(LegendPosition.OutsideS, few.chart().getStyler().getLegendPosition());
        Plot many = new Plot("t", "x", "y");
        IntStream.range(0, 6).forEach(i -> many.line("line " + i, X, X));
        many.image();
        assertEquals(LegendPosition.OutsideE, many.chart().getStyler().getLegendPosition());
    }

    @Test
    void namesAreWrittenAtTheirPlaces() {
        assertTrue(dark(rows(List.of("z", "z and h")).image()) > dark(rows(List.of(" ", " ")).image()) + 200, "names are drawn");
        Plot columns = new Plot("t", "", "score").scatter("a", new double[] {0, 1}, new double[] {5, 6}).namesX(List.of("z", "z and h"));
        assertEquals(-0.5, columns.chart().getStyler().getXAxisMin());
        assertTrue(columns.chart().getStyler().getYAxisMin() < 5, "there is room for them below the data");
        assertTrue(dark(columns.image()) > dark(new Plot("t", "", "score").scatter("a", new double[] {0, 1}, new double[] {5, 6}).namesX(List.of(" ", " ")).image()) + 200);
    }

    private static Plot rows(List<String> names) {
        return new Plot("t", "score", "").scatter("a", new double[] {5, 6}, new double[] {1, 0}).namesY(names);
    }

    private static int dark(BufferedImage image) {
        int dark = 0;
        for (int i = 0; i < image.getWidth() * image.getHeight(); i++) {
            dark += (image.getRGB(i % image.getWidth(), i / image.getWidth()) & 255) < 100 ? 1 : 0;
        }
        return dark;
    }

    @Test
    void ticksAreWrittenAsPowersOfTen() {
        Plot plot = new Plot("t", "x", "y").line("a", X, X);
        assertEquals("5·10⁻⁴", plot.chart().getStyler().getYAxisTickLabelsFormattingFunction().apply(5e-4));
        assertEquals("10⁷", plot.chart().getStyler().getYAxisTickLabelsFormattingFunction().apply(1e7));
        assertEquals("0.05", plot.chart().getStyler().getYAxisTickLabelsFormattingFunction().apply(0.05));
    }

    @Test
    void aLandscapeIsDarkestWhereItIsLowestAndDrawsTheSearchOverIt() {
        Landscape bowl = new Landscape("bowl", -1, 1, -1, 1, (x, y) -> (x - 0.5) * (x - 0.5) + y * y);
        BufferedImage plain = bowl.image();
        int low = plain.getRGB(2 * 420, 2 * (36 + 280));
        int high = plain.getRGB(2 * 10, 2 * (36 + 550));
        assertTrue((low & 255) < (high & 255), Integer.toHexString(low) + " " + Integer.toHexString(high));
        BufferedImage searched = bowl.cloud("a", new double[][] {{-0.5, 0.5}}, new double[] {0, 0}, new double[][] {{0.2, 0}, {0, 0.2}}).image();
        assertEquals(0xff0072b2, searched.getRGB(2 * 140, 2 * (36 + 140)), "the candidate");
        assertEquals(0xff0072b2, searched.getRGB(2 * (280 + 84), 2 * (36 + 280)), "the ellipse, 1.5 deviations from the mean");
    }

    @Test
    void aLearningCurveLeavesOutTheMeanOfAFewLastSteps() {
        LearningCurve whole = LearningCurve.EMPTY.and(100, 9, 9).and(200, 5, 6).and(300, 4, 5);
        assertEquals(3, Curves.of("t", "loss", whole).chart().getSeries("training").getXData().length);
        Plot plot = Curves.of("t", "loss", whole.and(310, 1, 5));
        assertArrayEquals(new double[] {100, 200, 300}, plot.chart().getSeries("training").getXData());
    }

    @Test
    void aPublishedCurveLeavesOutRowsWithoutAValue() {
        double[][] byHours = PublishedNumbers.curve("world-models-curve", "hours", "score");
        assertEquals(9, PublishedNumbers.curve("world-models-curve", "environment_steps", "score")[0].length);
        assertArrayEquals(new double[] {15.6, 115, 1119}, byHours[0]);
        assertArrayEquals(new double[] {822.88, 880.42, 900.46}, byHours[1]);
    }

    @Test
    void aBandIsAShadeAroundItsLine() {
        double[] mean = Arrays.stream(X).map(x -> 900 - 950 * Math.exp(-x / 15)).toArray();
        BufferedImage image = seen("band", new Plot("Controller: return while training", "generation", "return per episode")
                .band("population, mean ± SD", X, Arrays.stream(mean).map(m -> m - 120).toArray(), mean,
                        Arrays.stream(mean).map(m -> m + 120).toArray())
                .line("best candidate", X, Arrays.stream(mean).map(m -> m + 60).toArray())
                .level("published 906", 906));
        assertEquals(1800, image.getWidth());
        assertEquals(1120, image.getHeight());
        assertTrue(share(image, 0x0072b2) > 0.0005, "the mean's line");
        assertTrue(share(image, 0xd1e6f1) > 0.02, "its shade: 18 % of the line's colour over white");
        assertTrue(share(image, 0xd55e00) > 0.0005, "the other line");
        assertTrue(share(image, 0xffffff) > 0.6, "white ground");
    }

    @Test
    void aLineOfOnePointIsSeen() {
        BufferedImage image = seen("point", new Plot("Returns", "episodes", "return").line("RSSM", new double[] {6}, new double[] {4}));
        assertTrue(share(image, 0x0072b2) > 0.00001, "a mark in the line's colour");
    }

    @Test
    void scatterHistogramAndLogAxesDraw() {
        Random random = new Random(1);
        double[] noise = random.doubles(100).map(u -> 10 * u).toArray();
        assertTrue(ink(seen("scatter", new Plot("Latent", "z1", "z2").scatter("frames", noise, X))) > 0.01);
        double[] normal = IntStream.range(0, 5000).mapToDouble(i -> random.nextGaussian()).toArray();
        assertTrue(ink(seen("histogram", new Plot("Scores of 100 tracks", "return", "share").histogram("ours", normal, 30)
                .histogram("random", Arrays.stream(normal).map(v -> 2 + v / 2).toArray(), 30))) > 0.05);
        assertTrue(ink(seen("log", new Plot("CMA-ES", "evaluations", "best value").line("sphere", X,
                Arrays.stream(X).map(x -> Math.exp(-x / 5)).toArray()).logY())) > 0.01);
    }

    @Test
    void whatALogarithmicAxisCannotShowIsLeftOutOrNamed() {
        double[] x = {1, 2, 3, 4};
        BufferedImage image = seen("log-zero", new Plot("Rewards", "episodes", "squared error").line("RSSM", x, new double[] {100, 0, -1, 0.01}).logY());
        assertTrue(share(image, 0x0072b2) > 0.001, "the line over what is above zero");
        Plot shownBefore = new Plot("Rewards", "episodes", "squared error").line("RSSM", x, new double[] {-100, 1, 2, 3});
        shownBefore.image();
        assertTrue(ink(shownBefore.logY().image()) > 0.01);
        KitException none = assertThrows(KitException.class, () -> new Plot("Rewards", "episodes", "error").line("RNN", x, new double[4]).logY().image());
        assertTrue(none.getMessage().contains("'RNN' of figure 'Rewards' has nothing above zero"), none.getMessage());
        KitException range = assertThrows(KitException.class, () -> new Plot("Steps", "steps", "").line("RNN", x, x).logX().rangeX(0, 10).image());
        assertTrue(range.getMessage().contains("figure 'Steps' is to begin at zero or below"), range.getMessage());
    }

    @Test
    void aShortLogarithmicAxisIsLabelledBetweenItsDecadesAsWell() {
        double[] steps = {300_000, 1_000_000, 4_000_000};
        Plot shortAxis = new Plot("Learning", "steps", "score").line("PPO", steps, steps).logX();
        seen("log-short", shortAxis);
        assertFalse(shortAxis.chart().getStyler().isXAxisLogarithmicDecadeOnly());
        Function<Double, String> label = shortAxis.chart().getStyler().getXAxisTickLabelsFormattingFunction();
        assertEquals(List.of("500,000", "1,000,000", "2,000,000", "", "0.2", "5·10⁻⁴", "10⁹"),
                Stream.of(5e5, 1e6, 2e6, 3e6, 2 * 0.1, 5e-4, 1e9).map(label).toList());
        double[] many = {1, 1000, 1e6};
        Plot longAxis = new Plot("Learning", "steps", "score").line("CMA-ES", many, many).logX();
        longAxis.image();
        assertTrue(longAxis.chart().getStyler().isXAxisLogarithmicDecadeOnly());
    }

    @Test
    void aLogarithmicAxisToLargeNumbersHasPowersThroughout() {
        double[] steps = {300_000, 4e6, 4e7};
        Plot plot = new Plot("Learning", "steps", "score").line("CMA-ES", steps, steps).logX();
        seen("log-large", plot);
        Function<Double, String> label = plot.chart().getStyler().getXAxisTickLabelsFormattingFunction();
        assertEquals(List.of("10⁵", "10⁶", "10⁷"), Stream.of(1e5, 1e6, 1e7).map(label).toList());
    }

    @Test
    void linesOfOneHueAreToldApartByTheirDashes() {
        double[] level = new double[X.length];
        double one = share(seen("hue-1", new Plot("Chains", "x", "y").line("chain 1", X, level)), 0x0072b2);
        Plot two = new Plot("Chains", "x", "y").hue(0).line("chain 1", X, level).hue(0).line("chain 2", X, X).hue(1).line("other", X, Arrays.stream(X).map(x -> -x).toArray());
        seen("hue-2", two);
        assertNull(stroke(two, "chain 1").getDashArray());
        assertNotNull(stroke(two, "chain 2").getDashArray());
        assertNull(stroke(two, "other").getDashArray());
        double dashed = share(seen("hue-3", new Plot("Chains", "x", "y").hue(0).line("far away", new double[] {X[0], X[1]}, new double[] {1, 1})
                .hue(0).line("chain 2", X, level)), 0x0072b2);
        assertTrue(dashed < 0.8 * one, dashed + " of the picture is the dashed line, " + one + " the other");
    }

    private static BasicStroke stroke(Plot plot, String name) {
        return plot.chart().getSeries(name).getLineStyle();
    }

    @Test
    void barsStandBesideThePublishedOnes() {
        BufferedImage image = seen("bars", new Bars("World models", "return per episode", List.of("z", "z + hidden", "z and h"))
                .series("ours (smoke)", new double[] {420, 510, Double.NaN}, new double[] {40, 35, 0})
                .series("published", new double[] {632, 788, 906}, new double[] {251, 141, 21}));
        assertTrue(share(image, 0x0072b2) > 0.02 && share(image, 0xd55e00) > 0.04);
    }

    @Test
    void barsStandOverTheirNames() {
        double[] one = {1, 2};
        BufferedImage image = new Bars("", "", List.of("here", "there")).series("ours", one, one).image();
        BufferedImage renamed = new Bars("", "", List.of("hare", "three")).series("ours", one, one).image();
        boolean differs = false;
        for (int x = 0; x < image.getWidth(); x++) {
            for (int y = image.getHeight() * 9 / 10; y < image.getHeight(); y++) {
                differs |= image.getRGB(x, y) != renamed.getRGB(x, y);
            }
        }
        assertTrue(differs);
    }

    @Test
    void aMixtureShowsItsPartsAndWhatCameTrue() {
        assertTrue(ink(seen("mixture", new Plot("Mixture density of z[3]", "z", "density")
                .mixture("prediction", new double[] {0.6, 0.3, 0.1}, new double[] {-1, 1, 2}, new double[] {0.4, 0.3, 0.2})
                .at("came true", 0.8))) > 0.05);
    }

    @Test
    void aGridShowsEveryPixelAsASquare() {
        RgbFrame frame = gradient(64, 64, 0);
        ImageGrid grid = new ImageGrid("Frames and reconstructions", 4);
        for (int i = 0; i < 8; i++) {
            grid.add(gradient(64, 64, 30 * i), "step " + 100 * i + (i % 2 == 0 ? "" : ", reconstruction of it"));
        }
        BufferedImage image = seen("grid", grid);
        int left = 2 * 8;
        int top = 2 * 34;
        for (int corner : new int[] {0, 5}) {
            assertEquals(frame.at(10, 20), image.getRGB(left + 60 + corner, top + 120 + corner) & 0xffffff);
        }
    }

    @Test
    void aMapShowsRoadAndPaths() {
        double[] angle = IntStream.range(0, 300).mapToDouble(i -> i * Math.PI / 150).toArray();
        double[] x = Arrays.stream(angle).map(a -> 180 * Math.cos(a) * (1 + 0.2 * Math.sin(3 * a))).toArray();
        double[] y = Arrays.stream(angle).map(a -> 140 * Math.sin(a) * (1 + 0.2 * Math.sin(3 * a))).toArray();
        BufferedImage image = seen("maps", Figure.grid(2, 1, List.of(new TrackMap("No episode", 13.3, x, y),
                new TrackMap("Best and worst episode", 13.3, x, y).path(x, y).path(Arrays.copyOf(x, 80), Arrays.copyOf(y, 80)))));
        assertEquals(1760, image.getWidth());
        assertTrue(share(image, 0xe4e4e4) > 0.01, "road");
        assertTrue(share(image, 0xd55e00) > 0.0001, "path");
    }

    @Test
    void refusesSeriesThatCannotBeDrawn() {
        Plot plot = new Plot("t", "x", "y").line("a", X, X);
        assertThrows(KitException.class, () -> plot.line("a", X, X));
        assertThrows(KitException.class, () -> plot.line("b", X, new double[3]));
        assertThrows(KitException.class, () -> plot.line("c", new double[] {1}, new double[] {Double.NaN}));
        assertThrows(KitException.class, () -> new RgbFrame(4, 4, new byte[3]));
    }

    @Test
    void pngKeepsEveryPixel() throws Exception {
        RgbFrame frame = gradient(20, 10, 7);
        Path file = folder.resolve("frame.png");
        Files.write(file, Png.bytes(frame.image(1)));
        RgbFrame read = Png.read(file);
        assertEquals(20, read.width());
        assertTrue(Arrays.equals(frame.rgb(), read.rgb()));
        Files.writeString(file, "no picture");
        assertThrows(KitException.class, () -> Png.read(file));
    }

    @Test
    void picturesOfADecoderBecomeFrames() {
        RgbFrame frame = RgbFrame.ofUnit(2, 1, new float[] {9, 9, 9, 9, 9, 9, 0, 0.5f, -1, 1, 2, 0.2f}, 1);
        assertEquals(0x008000, frame.at(0, 0));
        assertEquals(0xffff33, frame.at(1, 0));
    }

    private static RgbFrame gradient(int width, int height, int shift) {
        byte[] rgb = new byte[3 * width * height];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) (i % 3 == 0 ? i / 3 % width * 4 : i % 3 == 1 ? i / 3 / width * 4 : shift);
        }
        return new RgbFrame(width, height, rgb);
    }

    /** Draws a figure; the pictures lie under target/figures for whoever wants to look. */
    private static BufferedImage seen(String name, Figure figure) {
        BufferedImage image = figure.image();
        try {
            Path target = Path.of(System.getProperty("kit.root", ".."), "lib/target/figures");
            Files.createDirectories(target);
            Files.write(target.resolve(name + ".png"), Png.bytes(image));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return image;
    }

    private static double share(BufferedImage image, int colour) {
        return Arrays.stream(pixels(image)).filter(p -> (p & 0xffffff) == colour).count() / (double) pixels(image).length;
    }

    private static double ink(BufferedImage image) {
        return 1 - share(image, 0xffffff);
    }

    private static int[] pixels(BufferedImage image) {
        return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    }
}
