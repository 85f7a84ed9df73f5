package worldmodels.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LayersTest {

    private final NDManager manager = Compute.newManager();
    private final Parameters parameters = new Parameters(manager);
    private final Layers layers = new Layers(parameters, 5).in("net");

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void aLayersWeightsDependOnSeedAndNameAlone() {
        NDArray weight = layers.dense("dense", 3, 4).weight();
        Layers again = new Layers(new Parameters(manager), 5);
        again.dense("other", 7, 7);
        assertArrayEquals(weight.toFloatArray(), again.in("net").dense("dense", 3, 4).weight().toFloatArray());
        assertEquals(List.of("net.dense.weight", "net.dense.bias"), parameters.names());
        assertEquals(Math.sqrt(6.0 / 7), weight.abs().max().toFloatArray()[0], 0.2);
        assertTrue(weight.abs().max().toFloatArray()[0] <= (float) Math.sqrt(6.0 / 7));
    }

    @Test
    void aDenseLayerIsItsEquation() {
        Layers.Dense dense = layers.dense("dense", 2, 1);
        parameters.set("net.dense.weight", manager.create(new float[] {2, -3}, new Shape(1, 2)));
        parameters.set("net.dense.bias", manager.create(new float[] {0.5f}));
        assertArrayEquals(new float[] {2 - 6 + 0.5f, -9 + 0.5f}, dense.apply(manager.create(new float[] {1, 2, 0, 3}, new Shape(2, 2))).toFloatArray());
    }

    @Test
    void anMlpIsReluBetweenDenseLayers() {
        Layers.Mlp mlp = layers.mlp(2, 2, 5, 3);
        assertEquals(List.of("net.hidden1.weight", "net.hidden1.bias", "net.hidden2.weight", "net.hidden2.bias", "net.output.weight",
                "net.output.bias"), parameters.names());
        NDArray x = Noise.normal(manager, new Shape(4, 2), 1);
        NDArray h = x;
        for (Layers.Dense hidden : mlp.layers().subList(0, 2)) {
            h = hidden.apply(h).maximum(0);
        }
        assertArrayEquals(mlp.layers().getLast().apply(h).toFloatArray(), mlp.apply(x).toFloatArray());
        assertEquals(new Shape(4, 3), mlp.apply(x).getShape());
    }

    @Test
    void aFrozenMlpPassesTheGradientThroughAndIsAlwaysTheSameNetwork() {
        Layers.Mlp mlp = layers.mlp(2, 1, 3, 1);
        Layers.Mlp frozen = mlp.frozen();
        NDArray x = layers.given("x", Noise.normal(manager, new Shape(4, 2), 1));
        try (Gradients.Tape tape = Gradients.record()) {
            tape.backward(frozen.apply(x).sum());
        }
        assertArrayEquals(new float[6], parameters.array("net.hidden1.weight").getGradient().toFloatArray());
        assertTrue(x.getGradient().abs().sum().toFloatArray()[0] > 0);
        parameters.set("net.hidden1.bias", manager.create(new float[] {1, 2, 3}));
        assertArrayEquals(mlp.apply(x).toFloatArray(), frozen.apply(x).toFloatArray());
    }

    @Test
    void parametersFollowOthersByARate() {
        layers.given("a", manager.create(new float[] {1, 2}));
        layers.given("b", manager.create(new float[] {-4}));
        try (Parameters others = new Parameters(manager)) {
            Layers other = new Layers(others, 5);
            other.given("a", manager.create(new float[] {3, 2}));
            other.given("b", manager.create(new float[] {4}));
            parameters.follow(others, 0.25);
            assertArrayEquals(new float[] {1.5f, 2}, parameters.array("net.a").toFloatArray());
            assertArrayEquals(new float[] {-2}, parameters.array("net.b").toFloatArray());
            assertArrayEquals(new float[] {3, 2}, others.array("a").toFloatArray());
            parameters.follow(others, 1);
            assertArrayEquals(new float[] {4}, parameters.array("net.b").toFloatArray());
        }
    }

    @Test
    void convolutionsHalveAndDouble() {
        NDArray x = Noise.normal(manager, new Shape(2, 3, 64, 64), 1);
        NDArray half = layers.convolution("down", 3, 8, 4, 2).apply(x);
        assertEquals(new Shape(2, 8, 31, 31), half.getShape());
        assertEquals(new Shape(2, 3, 64, 64), layers.deconvolution("up", 8, 3, 4).apply(half).getShape());
    }

    @Test
    void whatIsKeptHasNoGradientAndConstantsBeginAlike() {
        layers.kept("mean", manager.zeros(new Shape(2)));
        assertArrayEquals(new float[] {1, 1}, layers.constant("scale", 1, 2).toFloatArray());
        assertEquals(List.of("net.scale"), parameters.names());
        assertEquals(2, parameters.named().size());
    }

    @Test
    void orthogonalRowsAreOfTheGainsLength() {
        NDArray weight = layers.with(Initialiser.orthogonal(2)).matrix("policy", 6, 3);
        float[] products = weight.matMul(weight.transpose()).toFloatArray();
        assertArrayEquals(new float[] {4, 0, 0, 0, 4, 0, 0, 0, 4}, products, 1e-5f);
    }
}
