package worldmodels.study.gan;

import java.util.ArrayList;
import java.util.List;
import worldmodels.report.AnimatedGif;
import worldmodels.report.Plot;
import worldmodels.report.RgbFrame;

/** What can be seen of models on a plane. */
public final class PlaneFigures {

    private static final int SCALE = 4;
    private static final int SIZE = PlaneLook.SIDE * SCALE;
    private static final double FRAMES_PER_SECOND = 4;
    /** Shown points; more would hide the landscape. */
    private static final int SHOWN = 200;
    private static final int[] DATA = {0x22, 0x22, 0x22};
    private static final int[] SAMPLE = {0xd5, 0x5e, 0x00};

    private PlaneFigures() {}

    /** The critic's landscape, lighter where it takes points for data, with the data (dark) and the model's points (orange) moving over it. */
    public static AnimatedGif animation(PlaneExperiment experiment, List<PlaneRun> runs) {
        AnimatedGif animation = new AnimatedGif(FRAMES_PER_SECOND, 1);
        for (PlaneRun run : runs) {
            float[] reference = experiment.reference(run.data());
            animation.panel(run.method().label(), run.looks().stream().map(look -> frame(look, reference)).toList());
        }
        return animation;
    }

    /** One look: (SIZE, SIZE). */
    static RgbFrame frame(PlaneLook look, float[] reference) {
        byte[] rgb = new byte[SIZE * SIZE * 3];
        float low = Float.POSITIVE_INFINITY;
        float high = Float.NEGATIVE_INFINITY;
        for (float f : look.landscape()) {
            low = Math.min(low, f);
            high = Math.max(high, f);
        }
        for (int i = 0; i < SIZE * SIZE; i++) {
            float f = look.landscape()[i / SIZE / SCALE * PlaneLook.SIDE + i % SIZE / SCALE];
            // Sixteen shades: few colours keep an animation small.
            int shade = (int) (15.99 * (f - low) / Math.max(1e-9f, high - low));
            rgb[3 * i] = (byte) (70 + 11 * shade);
            rgb[3 * i + 1] = (byte) (110 + 9 * shade);
            rgb[3 * i + 2] = (byte) (160 + 6 * shade);
        }
        dots(rgb, reference, DATA);
        dots(rgb, look.samples(), SAMPLE);
        return new RgbFrame(SIZE, SIZE, rgb);
    }

    private static void dots(byte[] rgb, float[] points, int[] colour) {
        for (int p = 0; p < Math.min(SHOWN, points.length / 2); p++) {
            int x = (int) Math.round((points[2 * p] / PlaneLook.REACH + 1) / 2 * (SIZE - 1));
            int y = (int) Math.round((1 - points[2 * p + 1] / PlaneLook.REACH) / 2 * (SIZE - 1));
            for (int i = 0; i < 4; i++) {
                int at = 3 * ((y + i / 2) * SIZE + x + i % 2);
                if (x >= 0 && x < SIZE - 1 && y >= 0 && y < SIZE - 1) {
                    rgb[at] = (byte) colour[0];
                    rgb[at + 1] = (byte) colour[1];
                    rgb[at + 2] = (byte) colour[2];
                }
            }
        }
    }

    /** The exact distance as each run's model learns, and what those critics that measure it say. */
    public static Plot distances(String title, List<PlaneRun> runs, double floor) {
        Plot plot = new Plot(title, "steps of the generator", "Wasserstein distance");
        for (PlaneRun run : runs) {
            List<Double> x = new ArrayList<>();
            List<Double> exact = new ArrayList<>();
            run.distance().points().forEach(point -> {
                x.add((double) point.step());
                exact.add(point.validation());
            });
            plot.line(run.method().label(), values(x), values(exact));
            if (run.method().measuresDistance()) {
                plot.line(run.method().label() + ", its critic says", values(x), run.says().points().stream().mapToDouble(point -> point.training()).toArray());
            }
        }
        return plot.level("two draws of the data", floor);
    }

    private static double[] values(List<Double> list) {
        return list.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
