package worldmodels.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import worldmodels.run.KitException;

class OptimiserTest {

    private final NDManager manager = Compute.newManager();

    @AfterEach
    void close() {
        manager.close();
    }

    /** Kingma and Ba's algorithm 1 in doubles, PyTorch's place for epsilon. */
    @Test
    void followsTheFormula() {
        float[] start = {1, -2, 0.5f};
        try (Parameters parameters = new Parameters(manager);
                Adam adam = new Adam(parameters(parameters, start), 0.01f, 0.9f, 0.999f, 1e-3f)) {
            double[] p = {1, -2, 0.5};
            double[] m = new double[3];
            double[] v = new double[3];
            for (int t = 1; t <= 20; t++) {
                backward(parameters, t);
                adam.step();
                for (int i = 0; i < 3; i++) {
                    double g = 2 * p[i] * t;
                    m[i] = 0.9 * m[i] + 0.1 * g;
                    v[i] = 0.999 * v[i] + 0.001 * g * g;
                    p[i] -= 0.01 / (1 - Math.pow(0.9, t)) * m[i] / (Math.sqrt(v[i] / (1 - Math.pow(0.999, t))) + 1e-3);
                }
            }
            assertEquals(20, adam.steps());
            float[] now = parameters.array("p").toFloatArray();
            for (int i = 0; i < 3; i++) {
                assertEquals(p[i], now[i], 2e-6);
            }
        }
    }

    /** Algorithm 2 in doubles, with PyTorch's weight decay. */
    @Test
    void adamaxFollowsTheFormula() {
        float[] start = {1, -2, 0.5f};
        try (Parameters parameters = new Parameters(manager); Adamax adamax = new Adamax(parameters(parameters, start), 0.01f, 1e-3f, 0.02f)) {
            double[] p = {1, -2, 0.5};
            double[] m = new double[3];
            double[] u = new double[3];
            for (int t = 1; t <= 20; t++) {
                backward(parameters, t);
                adamax.step();
                for (int i = 0; i < 3; i++) {
                    double g = 2 * p[i] * t + 0.02 * p[i];
                    m[i] = 0.9 * m[i] + 0.1 * g;
                    u[i] = Math.max(0.999 * u[i], Math.abs(g) + 1e-3);
                    p[i] -= 0.01 / (1 - Math.pow(0.9, t)) * m[i] / u[i];
                }
            }
            assertEquals(20, adamax.steps());
            assertEquals(Set.of("training.adamax.steps", "training.adamax.mean.p", "training.adamax.greatest.p"), adamax.state().keySet());
            assertArrayEquals(new float[3], parameters.array("p").getGradient().toFloatArray());
            float[] now = parameters.array("p").toFloatArray();
            for (int i = 0; i < 3; i++) {
                assertEquals(p[i], now[i], 2e-6);
            }
        }
    }

    /** Hinton's lecture in doubles, PyTorch's place for epsilon. */
    @Test
    void rmsPropFollowsTheFormula() {
        float[] start = {1, -2, 0.5f};
        try (Parameters parameters = new Parameters(manager); RmsProp rmsProp = new RmsProp(parameters(parameters, start), 0.01f, 0.9f)) {
            double[] p = {1, -2, 0.5};
            double[] v = new double[3];
            for (int t = 1; t <= 20; t++) {
                backward(parameters, t);
                rmsProp.step();
                for (int i = 0; i < 3; i++) {
                    double g = 2 * p[i] * t;
                    v[i] = 0.9 * v[i] + 0.1 * g * g;
                    p[i] -= 0.01 * g / (Math.sqrt(v[i]) + 1e-8);
                }
            }
            assertEquals(Set.of("training.rmsprop.steps", "training.rmsprop.square.p"), rmsProp.state().keySet());
            assertArrayEquals(new float[3], parameters.array("p").getGradient().toFloatArray());
            float[] now = parameters.array("p").toFloatArray();
            for (int i = 0; i < 3; i++) {
                assertEquals(p[i], now[i], 2e-6);
            }
        }
    }

    /** A learner with several networks gives each an optimiser of its own. */
    @Test
    void anOptimiserOfAPartMovesThatPartAlone() {
        try (Parameters parameters = new Parameters(manager)) {
            NDArray encoder = parameters.add("encoder.w", manager.create(new float[] {1}));
            NDArray decoder = parameters.add("decoder.w", manager.create(new float[] {1}));
            try (RmsProp rmsProp = new RmsProp(parameters.part("decoder."), 0.01f, 0.9f)) {
                try (Gradients.Tape tape = Gradients.record()) {
                    tape.backward(encoder.add(decoder).square().sum());
                }
                rmsProp.step();
                assertEquals(1, encoder.toFloatArray()[0]);
                assertTrue(decoder.toFloatArray()[0] < 1);
                assertThrows(IllegalArgumentException.class, () -> parameters.part("critic."));
            }
        }
    }

    @Test
    void resumesBitForBit(@TempDir Path folder) {
        float[] start = {1, -2, 0.5f};
        float[] uninterrupted;
        try (Parameters parameters = new Parameters(manager); Adam adam = new Adam(parameters(parameters, start), 0.01f)) {
            train(parameters, adam, 1, 20);
            uninterrupted = parameters.array("p").toFloatArray();
        }
        Path file = folder.resolve("half.safetensors");
        try (Parameters parameters = new Parameters(manager); Adam adam = new Adam(parameters(parameters, start), 0.01f)) {
            train(parameters, adam, 1, 10);
            Map<String, NDArray> all = new HashMap<>(parameters.named());
            all.putAll(adam.state());
            Checkpoint.write(file, "Test", Map.of(), all);
        }
        try (Parameters parameters = new Parameters(manager); Adam adam = new Adam(parameters(parameters, new float[3]), 0.01f)) {
            Checkpoint half = Checkpoint.read(file, "Test");
            half.copyInto(parameters);
            adam.restore(half);
            assertEquals(10, adam.steps());
            train(parameters, adam, 11, 20);
            assertArrayEquals(uninterrupted, parameters.array("p").toFloatArray());
        }
    }

    @Test
    void stepConsumesTheGradients() {
        try (Parameters parameters = new Parameters(manager); Adam adam = new Adam(parameters(parameters, 1, 2, 3), 0.01f)) {
            backward(parameters, 1);
            adam.step();
            assertArrayEquals(new float[3], parameters.array("p").getGradient().toFloatArray());
        }
    }

    @Test
    void zeroGradientsForgetsNotANumber() {
        try (Parameters parameters = new Parameters(manager)) {
            parameters(parameters, 1, 2, 3);
            backward(parameters, Float.NaN);
            KitException refused = assertThrows(KitException.class, () -> Gradients.requireFinite(parameters));
            assertTrue(refused.getMessage().contains("gradient of p is NaN"), refused.getMessage());
            assertTrue(Float.isNaN(Gradients.clipByNorm(parameters, 1)));
            parameters.zeroGradients();
            assertArrayEquals(new float[3], parameters.array("p").getGradient().toFloatArray());
            Gradients.requireFinite(parameters);
        }
    }

    @Test
    void clipsBothSidesByValue() {
        try (Parameters parameters = new Parameters(manager)) {
            parameters(parameters, 3, -4, 0.25f);
            backward(parameters, 1);
            Gradients.clipByValue(parameters, 1);
            assertArrayEquals(new float[] {1, -1, 0.5f}, parameters.array("p").getGradient().toFloatArray());
        }
    }

    @Test
    void clipsTheCommonNorm() {
        try (Parameters parameters = new Parameters(manager)) {
            parameters(parameters, 1.5f, 0, 0);
            NDArray q = parameters.add("q", manager.create(new float[] {2}));
            backward(parameters, 1);
            try (Gradients.Tape tape = Gradients.record()) {
                tape.backward(q.square().sum());
            }
            assertEquals(5, Gradients.clipByNorm(parameters, 10), 1e-6);
            assertArrayEquals(new float[] {3, 0, 0}, parameters.array("p").getGradient().toFloatArray());
            assertEquals(5, Gradients.clipByNorm(parameters, 1), 1e-6);
            assertArrayEquals(new float[] {0.6f, 0, 0}, parameters.array("p").getGradient().toFloatArray(), 1e-6f);
            assertArrayEquals(new float[] {0.8f}, q.getGradient().toFloatArray(), 1e-6f);
        }
    }

    private Parameters parameters(Parameters parameters, float... start) {
        parameters.add("p", manager.create(start, new Shape(start.length)));
        return parameters;
    }

    private void train(Parameters parameters, Adam adam, int from, int to) {
        for (int t = from; t <= to; t++) {
            backward(parameters, t);
            adam.step();
        }
    }

    /** The gradient of factor · Σp² is 2 · factor · p. */
    private void backward(Parameters parameters, float factor) {
        try (NDManager step = manager.newSubManager(); Gradients.Tape tape = Gradients.record()) {
            parameters.lendTo(step);
            tape.backward(parameters.array("p").square().sum().mul(factor));
        }
    }
}
