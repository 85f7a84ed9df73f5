package worldmodels.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import worldmodels.nn.Compute;
import worldmodels.nn.Noise;
import worldmodels.random.Pcg64;
import worldmodels.run.KitException;

class MdnRnnTest {

    private static final MdnRnnShape SMALL = new MdnRnnShape(3, 2, 6, 2, true, true);

    private final NDManager manager = Compute.newManager();

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void hasTheAuthorsParameters() {
        MdnRnnShape authors = MdnRnnShape.carRacing(32);
        try (MdnRnn model = new MdnRnn(manager, authors, 1)) {
            assertEquals(422_368, model.parameters().count());
            assertEquals(422_368, authors.parameterCount());
        }
        MdnRnnShape heads = authors.withHeads(true, true);
        try (MdnRnn model = new MdnRnn(manager, heads, 1)) {
            assertEquals(422_368 + 2 * 257, model.parameters().count());
            assertEquals(heads.parameterCount(), model.parameters().count());
        }
    }

    @Test
    void startsWithForgetBiasOneAndGlorotWeights() {
        try (MdnRnn model = new MdnRnn(manager, MdnRnnShape.carRacing(32), 1)) {
            float[] bias = model.parameters().array("lstm.bias").toFloatArray();
            for (int i = 0; i < bias.length; i++) {
                assertEquals(i / 256 == 1 ? 1 : 0, bias[i], "bias " + i);
            }
            double bound = Math.sqrt(6.0 / (35 + 256 + 1024));
            float largest = model.parameters().array("lstm.recurrent").abs().max().toFloatArray()[0];
            assertTrue(largest <= bound && largest > 0.999 * bound, "largest recurrent weight " + largest);
        }
    }

    @Test
    void aSeedMakesTheModel() {
        try (MdnRnn one = new MdnRnn(manager, SMALL, 4); MdnRnn same = new MdnRnn(manager, SMALL, 4);
                MdnRnn other = new MdnRnn(manager, SMALL, 5)) {
            for (String name : one.parameters().names()) {
                float[] weights = one.parameters().array(name).toFloatArray();
                assertArrayEquals(weights, same.parameters().array(name).toFloatArray(), name);
                if (!name.equals("lstm.bias")) {
                    assertNotEquals(Arrays.hashCode(weights), Arrays.hashCode(other.parameters().array(name).toFloatArray()), name);
                }
            }
        }
    }

    /** The LSTM and the read-out written out in plain Java with doubles. */
    @Test
    void stepsAsThePaperWrites() {
        try (MdnRnn model = new MdnRnn(manager, SMALL, 2)) {
            MemoryState state = model.initial(2);
            PlainLstm plain = new PlainLstm(model, 2);
            Pcg64 random = Pcg64.seeded(1);
            for (int step = 0; step < 5; step++) {
                float[] z = new float[6];
                double[] action = new double[4];
                for (int i = 0; i < z.length; i++) {
                    z[i] = (float) random.standardNormal();
                }
                random.random(action);
                state.advance(z, action);
                plain.advance(z, action);
            }
            float[] h = state.hidden();
            for (int i = 0; i < h.length; i++) {
                assertEquals(plain.h[i / 6][i % 6], h[i], 1e-6);
            }
            MemoryPrediction prediction = model.predict(state);
            for (int row = 0; row < 2; row++) {
                double[] outputs = plain.outputs(row);
                for (int k = 0; k < 6; k++) {
                    assertEquals(outputs[k], prediction.latent().logits()[row * 6 + k], 1e-5);
                    assertEquals(outputs[6 + k], prediction.latent().mean()[row * 6 + k], 1e-5);
                    assertEquals(outputs[12 + k], prediction.latent().logSigma()[row * 6 + k], 1e-5);
                }
                assertEquals(outputs[18], prediction.reward(row), 1e-5);
                assertEquals(1 / (1 + Math.exp(-outputs[19])), prediction.end(row), 1e-5);
            }
        }
    }

    @Test
    void sequencesEqualSteps() {
        try (MdnRnn model = new MdnRnn(manager, SMALL, 2)) {
            MemoryState state = model.initial(2);
            NDArray x = Noise.normal(manager, new Shape(7, 2, 5), 3);
            float[] values = x.toFloatArray();
            float[] outputs = model.forward(x).toFloatArray();
            for (int step = 0; step < 7; step++) {
                float[] z = new float[6];
                double[] action = new double[4];
                for (int row = 0; row < 2; row++) {
                    System.arraycopy(values, (step * 2 + row) * 5, z, row * 3, 3);
                    action[row * 2] = values[(step * 2 + row) * 5 + 3];
                    action[row * 2 + 1] = values[(step * 2 + row) * 5 + 4];
                }
                state.advance(z, action);
                float[] means = model.predict(state).latent().mean();
                for (int row = 0; row < 2; row++) {
                    int at = (step * 2 + row) * SMALL.outputs() + 6;
                    assertArrayEquals(Arrays.copyOfRange(outputs, at, at + 6), Arrays.copyOfRange(means, row * 6, row * 6 + 6), 1e-5f);
                }
            }
        }
    }

    @Test
    void aForgottenRowStartsAnewAndLeavesTheOthers() {
        try (MdnRnn model = new MdnRnn(manager, SMALL, 2)) {
            MemoryState state = model.initial(2);
            state.advance(new float[] {1, 2, 3, 4, 5, 6}, new double[] {1, 0, 0, 1});
            float[] before = state.hidden();
            state.forget(0);
            assertArrayEquals(new float[6], Arrays.copyOf(state.hidden(), 6));
            assertArrayEquals(Arrays.copyOfRange(before, 6, 12), Arrays.copyOfRange(state.hidden(), 6, 12));
            MemoryState fresh = model.initial(2);
            state.advance(new float[] {9, 8, 7, 0, 0, 0}, new double[4]);
            fresh.advance(new float[] {9, 8, 7, 0, 0, 0}, new double[4]);
            assertArrayEquals(Arrays.copyOf(fresh.hidden(), 6), Arrays.copyOf(state.hidden(), 6));
        }
    }

    @Test
    void anExponentialIsWithinTwoUnitsInTheLastPlace() {
        for (float x = -86.5f; x < 86.5f; x += 0.00731f) {
            float exact = (float) Math.exp(x);
            assertEquals(exact, LstmCell.exp(x), 2 * Math.ulp(exact), "at " + x);
        }
        assertTrue(LstmCell.exp(Float.MAX_VALUE) < Float.POSITIVE_INFINITY);
        assertTrue(LstmCell.exp(-Float.MAX_VALUE) > 0);
    }

    @Test
    void savesAndLoads(@TempDir Path folder) {
        Path file = folder.resolve("memory.safetensors");
        try (MdnRnn model = new MdnRnn(manager, SMALL, 2)) {
            model.save(file);
            try (MdnRnn loaded = MdnRnn.load(manager, SMALL, file)) {
                assertArrayEquals(model.parameters().array("output.weight").toFloatArray(),
                        loaded.parameters().array("output.weight").toFloatArray());
            }
        }
        KitException wrong = assertThrows(KitException.class, () -> MdnRnn.load(manager, SMALL.withHeads(false, true), file));
        assertTrue(wrong.getMessage().contains("reward"), wrong.getMessage());
    }

    @Test
    void headsThatAreNotThereSaySo() {
        try (MdnRnn model = new MdnRnn(manager, SMALL.withHeads(false, false), 2)) {
            MemoryState state = model.initial(1);
            MemoryPrediction prediction = model.predict(state);
            assertThrows(KitException.class, () -> prediction.reward(0));
            assertThrows(KitException.class, () -> prediction.end(0));
            assertThrows(KitException.class, () -> state.advance(new float[2], new double[2]));
        }
    }

    private static final class PlainLstm {
        private final float[] wx;
        private final float[] wh;
        private final float[] b;
        private final float[] wo;
        private final float[] bo;
        private final double[][] h;
        private final double[][] c;

        PlainLstm(MdnRnn model, int batch) {
            wx = model.parameters().array("lstm.input").toFloatArray();
            wh = model.parameters().array("lstm.recurrent").toFloatArray();
            b = model.parameters().array("lstm.bias").toFloatArray();
            wo = model.parameters().array("output.weight").toFloatArray();
            bo = model.parameters().array("output.bias").toFloatArray();
            h = new double[batch][6];
            c = new double[batch][6];
        }

        void advance(float[] z, double[] action) {
            for (int row = 0; row < h.length; row++) {
                double[] x = {z[row * 3], z[row * 3 + 1], z[row * 3 + 2], action[row * 2], action[row * 2 + 1]};
                double[] gates = new double[24];
                for (int g = 0; g < 24; g++) {
                    gates[g] = b[g];
                    for (int i = 0; i < 5; i++) {
                        gates[g] += wx[g * 5 + i] * x[i];
                    }
                    for (int i = 0; i < 6; i++) {
                        gates[g] += wh[g * 6 + i] * h[row][i];
                    }
                }
                for (int u = 0; u < 6; u++) {
                    c[row][u] = sigmoid(gates[6 + u]) * c[row][u] + sigmoid(gates[u]) * Math.tanh(gates[12 + u]);
                    h[row][u] = sigmoid(gates[18 + u]) * Math.tanh(c[row][u]);
                }
            }
        }

        double[] outputs(int row) {
            double[] outputs = new double[bo.length];
            for (int o = 0; o < outputs.length; o++) {
                outputs[o] = bo[o];
                for (int u = 0; u < 6; u++) {
                    outputs[o] += wo[o * 6 + u] * h[row][u];
                }
            }
            return outputs;
        }

        private static double sigmoid(double x) {
            return 1 / (1 + Math.exp(-x));
        }
    }
}
