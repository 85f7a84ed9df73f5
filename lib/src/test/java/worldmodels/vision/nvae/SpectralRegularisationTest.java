package worldmodels.vision.nvae;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import worldmodels.nn.Checkpoint;
import worldmodels.nn.Compute;
import worldmodels.nn.Gradients;
import worldmodels.nn.Initialiser;
import worldmodels.nn.Layers;
import worldmodels.nn.Parameters;

class SpectralRegularisationTest {

    private final NDManager manager = Compute.newManager();
    private final Parameters parameters = new Parameters(manager);
    private final Layers layers = new Layers(parameters, 1).with(Initialiser.KAIMING);

    @AfterEach
    void close() {
        parameters.close();
        manager.close();
    }

    private double penalty(SpectralRegularisation regularisation) {
        try (NDManager scratch = manager.newSubManager()) {
            return regularisation.penalty(scratch).toFloatArray()[0];
        }
    }

    /** By thousands of steps of power iteration in doubles. */
    private double greatestSingularValue(String name) {
        NDArray direction = parameters.array(name + "direction");
        float[] w = direction.toFloatArray();
        int rows = (int) direction.getShape().get(0);
        int columns = w.length / rows;
        double[] v = new double[columns];
        Arrays.fill(v, 1);
        v[0] = 2;
        double s = 0;
        for (int i = 0; i < 5000; i++) {
            double[] u = new double[rows];
            for (int j = 0; j < w.length; j++) {
                u[j / columns] += w[j] * v[j % columns];
            }
            double[] next = new double[columns];
            for (int j = 0; j < w.length; j++) {
                next[j % columns] += w[j] * u[j / columns];
            }
            double length = 0;
            for (double x : next) {
                length += x * x;
            }
            length = Math.sqrt(length);
            s = Math.sqrt(length);
            for (int j = 0; j < columns; j++) {
                v[j] = next[j] / length;
            }
        }
        return s;
    }

    @Test
    void equalsTheGreatestSingularValuesAndScales() {
        new Convolution(layers.in("a"), 5, 7, 3, 1, 1);
        Convolution.one(layers.in("b"), 6, 4);
        new BatchNorm(layers.in("norm"), 3);
        parameters.set("norm.scale", manager.create(new float[] {0.5f, -3, 1}));
        try (SpectralRegularisation regularisation = new SpectralRegularisation(parameters, 1)) {
            double expected = greatestSingularValue("a.") + greatestSingularValue("b.") + 3;
            penalty(regularisation);
            for (int i = 0; i < 20; i++) {
                penalty(regularisation);
            }
            assertEquals(expected, penalty(regularisation), 1e-3);
        }
    }

    @Test
    void itsGradientPullsTheWeightsDown() {
        Convolution.one(layers.in("b"), 6, 4);
        try (SpectralRegularisation regularisation = new SpectralRegularisation(parameters, 1)) {
            double before = penalty(regularisation);
            for (int i = 0; i < 5; i++) {
                before = penalty(regularisation);
            }
            try (NDManager scratch = manager.newSubManager(); Gradients.Tape tape = Gradients.record()) {
                tape.backward(regularisation.penalty(scratch));
            }
            float[] gradient = parameters.array("b.logLength").getGradient().toFloatArray();
            // d s / d ln|row_i| = (u_i)² s in sum s: rows' shares of the greatest singular value.
            double sum = 0;
            for (float g : gradient) {
                sum += g;
            }
            assertEquals(before, sum, 1e-3);
            parameters.set("b.logLength", parameters.array("b.logLength").sub(manager.create(gradient).mul(0.1f)));
            assertTrue(penalty(regularisation) < before);
        }
    }

    @Test
    void goesOnFromACheckpoint(@TempDir Path folder) {
        new Convolution(layers.in("a"), 5, 7, 3, 1, 1);
        Path file = folder.resolve("state.safetensors");
        double next;
        try (SpectralRegularisation regularisation = new SpectralRegularisation(parameters, 1)) {
            penalty(regularisation);
            Checkpoint.write(file, "Test", Map.of(), regularisation.state());
            next = penalty(regularisation);
        }
        try (SpectralRegularisation regularisation = new SpectralRegularisation(parameters, 2)) {
            regularisation.restore(Checkpoint.read(file, "Test"));
            assertArrayEquals(new double[] {next}, new double[] {penalty(regularisation)});
        }
    }

    @Test
    void warmUpRisesAndBalancesOnlyUntilItsEnd() {
        KlSchedule schedule = new KlSchedule(100, Balancing.PAPER);
        assertEquals(1e-4, schedule.coefficient(0));
        assertEquals(0.5, schedule.coefficient(50));
        assertEquals(1, schedule.coefficient(1000));
        assertArrayEquals(new double[] {1, 1}, schedule.weights(100, new double[] {3, 1}, new double[] {1, 4}));
        // γ ∝ (1 · 3, 4 · 1), sum 2: 6/7 and 8/7; times β = 1/2.
        assertArrayEquals(new double[] {3.0 / 7, 4.0 / 7}, schedule.weights(50, new double[] {3, 1}, new double[] {1, 4}), 1e-12);
    }
}
