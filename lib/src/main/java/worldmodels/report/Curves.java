package worldmodels.report;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import worldmodels.nn.LearningCurve;

/** Curves of what was logged. */
public final class Curves {

    private Curves() {}

    /** Values one after another, e.g. a speed by step. */
    public static Plot of(String title, String x, String y, List<? extends Number> values) {
        double[] at = new double[values.size()];
        Arrays.setAll(at, i -> i + 1);
        return new Plot(title, x, y).line(y, at, values.stream().mapToDouble(Number::doubleValue).toArray());
    }

    /** The losses of a training on what it trains on and on what it never sees. */
    public static Plot of(String title, String loss, LearningCurve curve) {
        double[] steps = column(curve, LearningCurve.Point::step);
        return new Plot(title, "optimiser steps", loss)
                .line("training", steps, column(curve, LearningCurve.Point::training))
                .line("validation", steps, column(curve, LearningCurve.Point::validation));
    }

    private static double[] column(LearningCurve curve, ToDoubleFunction<LearningCurve.Point> of) {
        return whole(curve.points()).stream().mapToDouble(of).toArray();
    }

    /** Without a last point that has the mean of a few left-over steps: it is luck, and looks like a drop or a rise. */
    private static List<LearningCurve.Point> whole(List<LearningCurve.Point> points) {
        int n = points.size();
        boolean isRest = n > 2 && points.get(n - 1).step() - points.get(n - 2).step() < (points.get(n - 2).step() - points.get(n - 3).step()) / 2.0;
        return isRest ? points.subList(0, n - 1) : points;
    }
}
