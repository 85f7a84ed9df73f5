package worldmodels.rl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import worldmodels.nn.Compute;
import worldmodels.nn.Gradients;
import worldmodels.nn.Parameters;

class GaussianPolicyTest {

    private final NDManager manager = Compute.newManager();

    @AfterEach
    void close() {
        manager.close();
    }

    private NDArray rows(int columns, float... values) {
        return manager.create(values, new Shape(values.length / columns, columns));
    }

    /** ln N(atanh a; μ, σ) - ln(1 - a²), summed over the numbers of an action. */
    @Test
    void isTheDensityOfASquashedNormal() {
        float[] mean = {0.3f, -1};
        float[] logDeviation = {-0.5f, 0.4f};
        float[] noise = {0.7f, -0.2f};
        GaussianPolicy.Drawn drawn = GaussianPolicy.of(rows(4, 0.3f, -1, -0.5f, 0.4f)).draw(rows(2, noise));
        double expected = 0;
        for (int i = 0; i < 2; i++) {
            double sigma = Math.exp(logDeviation[i]);
            double u = mean[i] + sigma * noise[i];
            double a = Math.tanh(u);
            assertEquals(a, drawn.action().toFloatArray()[i], 1e-6);
            expected += -Math.pow((u - mean[i]) / sigma, 2) / 2 - Math.log(sigma * Math.sqrt(2 * Math.PI)) - Math.log(1 - a * a);
        }
        assertEquals(new Shape(1, 1), drawn.logProbability().getShape());
        assertEquals(expected, drawn.logProbability().toFloatArray()[0], 1e-5);
    }

    @Test
    void theDensityIntegratesToOne() {
        int count = 4001;
        float[] outputs = new float[2 * count];
        float[] noise = new float[count];
        for (int i = 0; i < count; i++) {
            outputs[2 * i] = 0.4f;
            outputs[2 * i + 1] = -0.3f;
            noise[i] = (i - count / 2) * 0.004f;
        }
        GaussianPolicy.Drawn drawn = GaussianPolicy.of(rows(2, outputs)).draw(rows(1, noise));
        float[] actions = drawn.action().toFloatArray();
        float[] logs = drawn.logProbability().toFloatArray();
        double integral = 0;
        for (int i = 1; i < count; i++) {
            integral += (Math.exp(logs[i - 1]) + Math.exp(logs[i])) / 2 * (actions[i] - actions[i - 1]);
        }
        assertEquals(1, integral, 1e-4);
    }

    /** There 1 - tanh² is 0 in float32. */
    @Test
    void isFiniteWhereTheSquashIsFlat() {
        GaussianPolicy.Drawn drawn = GaussianPolicy.of(rows(2, 30, 0, -30, 0)).draw(rows(1, 0, 0));
        double expected = -0.5 * Math.log(2 * Math.PI) - 2 * (Math.log(2) - 30);
        assertArrayEquals(new float[] {(float) expected, (float) expected}, drawn.logProbability().toFloatArray(), 1e-4f);
    }

    @Test
    void deviationsAreKeptWithinTheirBounds() {
        GaussianPolicy policy = GaussianPolicy.of(rows(2, 0, 50, 0, -50, 0, 1));
        assertArrayEquals(new float[] {2, -20, 1}, policy.logDeviation().toFloatArray());
    }

    /** Of ln π and of the action, by the mean and the deviation. */
    @Test
    void gradientsAreThoseOfDifferences() {
        try (Parameters parameters = new Parameters(manager)) {
            float[] outputs = {0.3f, -0.8f, -0.4f, 0.2f};
            NDArray output = parameters.add("output", rows(4, outputs));
            float[] gradient;
            try (NDManager scope = manager.newSubManager(); Gradients.Tape tape = Gradients.record()) {
                parameters.lendTo(scope);
                tape.backward(loss(output));
                gradient = parameters.gradients(scope).get(0).toFloatArray();
            }
            double h = 1e-2;
            for (int i = 0; i < outputs.length; i++) {
                float[] more = outputs.clone();
                float[] less = outputs.clone();
                more[i] += h;
                less[i] -= h;
                double difference = (loss(rows(4, more)).toFloatArray()[0] - loss(rows(4, less)).toFloatArray()[0]) / ((double) more[i] - less[i]);
                assertEquals(difference, gradient[i], 1e-3 * Math.max(1, Math.abs(difference)), "output " + i);
                assertTrue(Math.abs(gradient[i]) > 1e-2);
            }
        }
    }

    private NDArray loss(NDArray output) {
        GaussianPolicy.Drawn drawn = GaussianPolicy.of(output).draw(rows(2, 0.7f, -0.6f));
        return drawn.logProbability().sum().add(drawn.action().mul(rows(2, 3, -2)).sum());
    }
}
