package worldmodels.vision.nvae;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import worldmodels.nn.Compute;
import worldmodels.nn.Gradients;
import worldmodels.nn.Noise;
import worldmodels.nn.Parameters;

class DiscretisedLogisticsTest {

    private final NDManager manager = Compute.newManager();

    @AfterEach
    void close() {
        manager.close();
    }

    private static float value(int byteValue) {
        return byteValue / 127.5f - 1;
    }

    private double logLikelihood(float[] parameters, float red, float green, float blue) {
        NDArray x = manager.create(new float[] {red, green, blue}, new Shape(1, 3, 1, 1));
        NDArray said = manager.create(parameters, new Shape(1, parameters.length, 1, 1));
        return DiscretisedLogistics.of(said).logLikelihood(x).toFloatArray()[0];
    }

    /** Two components: 2 logits, then for each colour 2 means, 2 log scales, 2 coefficients. */
    private static final float[] TWO = {0.3f, -0.4f,
        -0.5f, 0.8f, -1.5f, -3f, 0.4f, -0.2f,
        0.1f, -0.9f, -2f, -1f, 0.7f, 0.1f,
        0.0f, 0.6f, -4f, -2.5f, -0.3f, 0.5f};

    /** Straight from the formula, in doubles. */
    private static double byHand(float[] p, double r, double g, double b) {
        double sum = 0;
        double weights = Math.exp(p[0]) + Math.exp(p[1]);
        for (int k = 0; k < 2; k++) {
            double alpha = Math.tanh(p[6 + k]);
            double beta = Math.tanh(p[12 + k]);
            double gamma = Math.tanh(p[18 + k]);
            sum += Math.exp(p[k]) / weights * logistic(r, p[2 + k], p[4 + k]) * logistic(g, p[8 + k] + alpha * r, p[10 + k])
                    * logistic(b, p[14 + k] + beta * r + gamma * g, p[16 + k]);
        }
        return Math.log(sum);
    }

    private static double logistic(double x, double mean, double logScale) {
        double above = x > 0.999 ? 1 : 1 / (1 + Math.exp(-(x + 1 / 255.0 - mean) / Math.exp(logScale)));
        double below = x < -0.999 ? 0 : 1 / (1 + Math.exp(-(x - 1 / 255.0 - mean) / Math.exp(logScale)));
        return above - below;
    }

    @Test
    void equalsTheFormulaAlsoAtTheEdges() {
        for (int[] colours : new int[][] {{100, 150, 30}, {0, 255, 128}, {255, 0, 0}, {60, 60, 60}}) {
            float r = value(colours[0]);
            float g = value(colours[1]);
            float b = value(colours[2]);
            double expected = byHand(TWO, r, g, b);
            assertEquals(expected, logLikelihood(TWO, r, g, b), 1e-3 * Math.max(1, Math.abs(expected)), Arrays.toString(colours));
        }
    }

    @Test
    void theProbabilitiesOfAllValuesOfAColourSumToOne() {
        double sum = 0;
        for (int blue = 0; blue < 256; blue++) {
            sum += Math.exp(logLikelihood(TWO, value(100), value(150), value(blue)));
        }
        double ofTheOthers = 0;
        for (int k = 0; k < 2; k++) {
            ofTheOthers += Math.exp(TWO[k]) / (Math.exp(TWO[0]) + Math.exp(TWO[1])) * logistic(value(100), TWO[2 + k], TWO[4 + k])
                    * logistic(value(150), TWO[8 + k] + Math.tanh(TWO[6 + k]) * value(100), TWO[10 + k]);
        }
        assertEquals(1, sum / ofTheOthers, 1e-3);
    }

    @Test
    void theExpectedPictureIsThatOfTheMixture() {
        float[] p = TWO.clone();
        double w = Math.exp(p[0]) / (Math.exp(p[0]) + Math.exp(p[1]));
        double red = w * p[2] + (1 - w) * p[3];
        double green = w * (p[8] + Math.tanh(p[6]) * red) + (1 - w) * (p[9] + Math.tanh(p[7]) * red);
        double blue = w * (p[14] + Math.tanh(p[12]) * red + Math.tanh(p[18]) * green)
                + (1 - w) * (p[15] + Math.tanh(p[13]) * red + Math.tanh(p[19]) * green);
        NDArray mean = DiscretisedLogistics.of(manager.create(p, new Shape(1, 20, 1, 1))).mean();
        assertEquals(new Shape(1, 3, 1, 1), mean.getShape());
        assertArrayEquals(new float[] {(float) red, (float) green, (float) blue}, mean.toFloatArray(), 1e-5f);
    }

    @Test
    void itsGradientIsThatOfFiniteDifferencesAndFiniteWhereNothingFits() {
        try (Parameters parameters = new Parameters(manager)) {
            NDArray said = parameters.add("said", Noise.normal(manager, new Shape(2, 20, 3, 3), 1));
            NDArray x = Noise.uniform(manager, new Shape(2, 3, 3, 3), -1, 1, 2).mul(127.5f).round().div(127.5f);
            try (NDManager scope = manager.newSubManager(); Gradients.Tape tape = Gradients.record()) {
                parameters.lendTo(scope);
                tape.backward(DiscretisedLogistics.of(said).logLikelihood(x).sum());
            }
            float[] byTape = said.getGradient().toFloatArray();
            float[] values = said.toFloatArray();
            for (int i = 0; i < values.length; i += 37) {
                float h = 1e-2f;
                assertEquals((sum(values, i, h, x) - sum(values, i, -h, x)) / (2 * h), byTape[i], 0.02 + 0.02 * Math.abs(byTape[i]), "parameter " + i);
            }
            // Means far away and scales as small as they can be: no probability is left, and still a way back.
            parameters.set("said", manager.full(new Shape(2, 20, 3, 3), -30));
            parameters.zeroGradients();
            try (NDManager scope = manager.newSubManager(); Gradients.Tape tape = Gradients.record()) {
                parameters.lendTo(scope);
                tape.backward(DiscretisedLogistics.of(said).logLikelihood(x).sum());
            }
            for (float g : said.getGradient().toFloatArray()) {
                assertEquals(0, g - g, "gradient " + g);
            }
        }
    }

    private double sum(float[] values, int index, float change, NDArray x) {
        float[] moved = values.clone();
        moved[index] += change;
        double sum = 0;
        for (float f : DiscretisedLogistics.of(manager.create(moved, new Shape(2, 20, 3, 3))).logLikelihood(x).toFloatArray()) {
            sum += f;
        }
        return sum;
    }
}
