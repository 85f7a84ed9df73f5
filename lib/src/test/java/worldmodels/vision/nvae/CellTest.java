package worldmodels.vision.nvae;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import worldmodels.nn.Compute;
import worldmodels.nn.Gradients;
import worldmodels.nn.Initialiser;
import worldmodels.nn.Layers;
import worldmodels.nn.Noise;
import worldmodels.nn.Parameters;

/** The layers of NVAE: shapes, numbers of parameters counted by hand, formulas, gradients by finite differences. */
class CellTest {

    private NDManager manager;
    private Parameters parameters;
    private Layers layers;

    @BeforeEach
    void open() {
        manager = Compute.newManager();
        parameters = new Parameters(manager);
        layers = new Layers(parameters, 1).with(Initialiser.KAIMING);
    }

    @AfterEach
    void close() {
        parameters.close();
        manager.close();
    }

    private NDArray noise(long... shape) {
        return Noise.normal(manager, new Shape(shape), 7);
    }

    @Test
    void aConvolutionStartsAsItsDirectionAndItsLengthIsOneParameter() {
        Convolution layer = new Convolution(layers, 3, 8, 3, 1, 1);
        assertEquals(8 * 3 * 9 + 8 + 8, parameters.count());
        NDArray x = noise(2, 3, 6, 6);
        NDArray plain = Conv2d.conv2d(x, parameters.array("direction"), null, new Shape(1, 1), new Shape(1, 1)).singletonOrThrow();
        assertArrayEquals(plain.toFloatArray(), layer.apply(x, true).toFloatArray(), 1e-5f);
        parameters.set("logLength", parameters.array("logLength").add((float) Math.log(2)));
        parameters.set("direction", parameters.array("direction").mul(17));
        assertArrayEquals(plain.mul(2).toFloatArray(), layer.apply(x, true).toFloatArray(), 1e-4f);
    }

    @Test
    void aConvolutionInGroupsLooksAtItsOwnChannelOnly() {
        Convolution layer = new Convolution(layers, 4, 4, 5, 1, 4);
        assertEquals(4 * 25 + 4 + 4, parameters.count());
        NDArray x = noise(1, 4, 8, 8);
        float[] before = layer.apply(x, true).toFloatArray();
        NDArray changed = x.duplicate();
        changed.set(new NDIndex(":, 3"), 5);
        float[] after = layer.apply(changed, true).toFloatArray();
        for (int i = 0; i < before.length; i++) {
            assertEquals(i >= 3 * 64, before[i] != after[i], "output " + i);
        }
    }

    @Test
    void batchNormNormalisesWithTheBatchAndRemembersSlowly() {
        BatchNorm layer = new BatchNorm(layers, 2);
        assertEquals(4, parameters.count());
        NDArray x = noise(8, 2, 5, 5).mul(3).add(4);
        float[] y = layer.apply(x, true).toFloatArray();
        double[] sums = new double[2];
        double[] squares = new double[2];
        double[] ys = new double[2];
        float[] xs = x.toFloatArray();
        for (int i = 0; i < xs.length; i++) {
            int c = i / 25 % 2;
            sums[c] += xs[i];
            squares[c] += (double) xs[i] * xs[i];
            ys[c] += (double) y[i] * y[i] / 200;
        }
        for (int c = 0; c < 2; c++) {
            double mean = sums[c] / 200;
            double variance = (squares[c] - 200 * mean * mean) / 199;
            assertEquals(1, ys[c], 1e-3);
            assertEquals(0.05 * mean, parameters.array("mean").toFloatArray()[c], 1e-4);
            assertEquals(0.95 + 0.05 * variance, parameters.array("variance").toFloatArray()[c], 1e-3);
        }
        float[] kept = parameters.array("mean").toFloatArray();
        float[] evaluated = layer.apply(x, false).toFloatArray();
        assertArrayEquals(kept, parameters.array("mean").toFloatArray());
        double deviation = Math.sqrt(parameters.array("variance").toFloatArray()[0] + 1e-5);
        assertEquals((xs[0] - kept[0]) / deviation, evaluated[0], 1e-4);
    }

    @Test
    void squeezeAndExcitationScalesWholeChannelsBetweenNoneAndAll() {
        SqueezeExcitation layer = new SqueezeExcitation(layers, 32);
        // max(32 / 16, 4) = 4 hidden units.
        assertEquals(32 * 4 + 4 + 4 * 32 + 32, parameters.count());
        NDArray x = noise(2, 32, 4, 4);
        float[] gates = layer.apply(x, true).div(x).toFloatArray();
        for (int i = 0; i < gates.length; i++) {
            assertTrue(gates[i] > 0 && gates[i] < 1);
            assertEquals(gates[i - i % 16], gates[i], 1e-5, "one gate per channel");
        }
    }

    @Test
    void anEncoderCellStaysCloseToTheIdentityAtFirst() {
        Cell cell = Cell.encoder(layers, 16);
        int convolution = 16 * 16 * 9 + 2 * 16;
        assertEquals(2 * (2 * 16) + 2 * convolution + (16 * 4 + 4 + 4 * 16 + 16), parameters.count());
        NDArray x = noise(4, 16, 8, 8);
        NDArray y = cell.apply(x, true);
        assertEquals(x.getShape(), y.getShape());
        double change = y.sub(x).square().mean().toFloatArray()[0];
        assertTrue(change > 0 && change < 0.01, "mean square of the change " + change);
    }

    @Test
    void aDecoderCellWidensItsMiddle() {
        Cell cell = Cell.decoder(layers, 8, 6);
        int se = 8 * 4 + 4 + 4 * 8 + 8;
        assertEquals(2 * 8 + (8 * 48 + 2 * 48) + 2 * 48 + (48 * 25 + 2 * 48) + 2 * 48 + (48 * 8 + 2 * 8) + 2 * 8 + se, parameters.count());
        assertEquals(new Shape(2, 8, 4, 4), cell.apply(noise(2, 8, 4, 4), true).getShape());
    }

    @Test
    void aPointwiseCellSeesEachPixelByItself() {
        Cell cell = Cell.pointwise(layers, 8, 2);
        NDArray x = noise(1, 8, 4, 4);
        NDArray changed = x.duplicate();
        changed.set(new NDIndex(":, :, 0, 0"), 3);
        // Without its gate, which sees all pixels; with kept statistics, which see none.
        parameters.set("se.excite.weight", parameters.array("se.excite.weight").mul(0));
        float[] before = cell.apply(x, false).toFloatArray();
        float[] after = cell.apply(changed, false).toFloatArray();
        for (int i = 0; i < before.length; i++) {
            assertEquals(i % 16 == 0, before[i] != after[i], "value " + i);
        }
    }

    @Test
    void downAndUpHalveAndDouble() {
        FactorizedDown down = new FactorizedDown(layers.in("down"), 8, 16);
        assertEquals(8 * 16 + 2 * 16, parameters.count());
        NDArray x = noise(2, 8, 6, 6);
        assertEquals(new Shape(2, 16, 3, 3), down.apply(x, true).getShape());
        BilinearUp up = new BilinearUp(layers.in("up"), 8, 4);
        assertEquals(new Shape(2, 4, 12, 12), up.apply(x, true).getShape());
        NDArray flat = manager.ones(new Shape(1, 8, 3, 3));
        float[] y = up.apply(flat, true).toFloatArray();
        for (int i = 0; i < y.length; i++) {
            assertEquals(y[i - i % 36], y[i], 1e-6, "a flat picture stays flat");
        }
    }

    @Test
    void goingDownEveryPixelCounts() {
        FactorizedDown down = new FactorizedDown(layers, 1, 4);
        float[] before = down.apply(manager.zeros(new Shape(1, 1, 4, 4)), true).toFloatArray();
        for (int pixel = 0; pixel < 16; pixel++) {
            float[] one = new float[16];
            one[pixel] = 2;
            float[] after = down.apply(manager.create(one, new Shape(1, 1, 4, 4)), true).toFloatArray();
            int changed = 0;
            for (int i = 0; i < 16; i++) {
                changed += before[i] == after[i] ? 0 : 1;
            }
            assertEquals(1, changed, "pixel " + pixel);
        }
    }

    @Test
    void gradientsAreThoseOfFiniteDifferences() {
        Layer all = new FactorizedDown(layers.in("down"), 4, 8).then(Cell.encoder(layers.in("enc"), 8)).then(Cell.decoder(layers.in("dec"), 8, 2))
                .then(Cell.pointwise(layers.in("one"), 8, 2)).then(new BilinearUp(layers.in("up"), 8, 4));
        NDArray x = noise(2, 4, 4, 4);
        NDArray target = Noise.normal(manager, new Shape(2, 4, 4, 4), 8);
        Function<NDArray, NDArray> loss = y -> y.sub(target).square().sum();
        try (Gradients.Tape tape = Gradients.record()) {
            tape.backward(loss.apply(all.apply(x, true)));
        }
        for (String name : Stream.of("down.phase2.direction", "enc.conv1.logLength", "enc.norm2.scale", "enc.se.excite.weight",
                "dec.depthwise.direction", "dec.project.bias", "one.middle.direction", "one.se.squeeze.bias", "up.mix.direction").toList()) {
            NDArray parameter = parameters.array(name);
            float[] byTape = parameter.getGradient().toFloatArray();
            float[] values = parameter.toFloatArray();
            int i = values.length / 2;
            float step = 5e-3f;
            double up = moved(name, values, i, step, () -> loss.apply(all.apply(x, true)));
            double down = moved(name, values, i, -step, () -> loss.apply(all.apply(x, true)));
            assertEquals((up - down) / (2 * step), byTape[i], 0.02 + 0.02 * Math.abs(byTape[i]), name);
        }
    }

    private double moved(String name, float[] values, int index, float change, Supplier<NDArray> loss) {
        float[] other = values.clone();
        other[index] += change;
        Shape shape = parameters.array(name).getShape();
        parameters.set(name, manager.create(other, shape));
        double result = loss.get().toFloatArray()[0];
        parameters.set(name, manager.create(values, shape));
        return result;
    }
}
