package worldmodels.vision.nvae;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import worldmodels.nn.Compute;
import worldmodels.nn.Initialiser;
import worldmodels.nn.Layers;
import worldmodels.nn.Noise;
import worldmodels.nn.Parameters;

/** What a flow may see, and its determinant against the whole Jacobian. */
class AutoregressiveFlowTest {

    private static final int CHANNELS = 2;
    private static final int SIDE = 3;
    private static final int COUNT = CHANNELS * SIDE * SIDE;
    private static final float SMALL = 1e-2f;

    private final NDManager manager = Compute.newManager();
    private final Parameters parameters = new Parameters(manager);
    private final Layers layers = new Layers(parameters, 3).with(Initialiser.KAIMING);

    @AfterEach
    void close() {
        parameters.close();
        manager.close();
    }

    private NDArray noise(int channels, long seed) {
        return Noise.normal(manager, new Shape(1, channels, SIDE, SIDE), seed);
    }

    /** Where the i-th latent in the order row, column, channel is stored in (channel, row, column). */
    private static int stored(int order) {
        int channel = order % CHANNELS;
        return channel * SIDE * SIDE + order / CHANNELS;
    }

    /** dz' / dz in the order row, column, channel, by central differences. */
    private double[][] jacobian(AutoregressiveFlow flow, NDArray z, NDArray context) {
        float[] at = z.toFloatArray();
        double[][] jacobian = new double[COUNT][COUNT];
        for (int column = 0; column < COUNT; column++) {
            float[] up = at.clone();
            float[] down = at.clone();
            up[stored(column)] += SMALL;
            down[stored(column)] -= SMALL;
            float[] above = flow.apply(manager.create(up, z.getShape()), context, false).z().toFloatArray();
            float[] below = flow.apply(manager.create(down, z.getShape()), context, false).z().toFloatArray();
            for (int row = 0; row < COUNT; row++) {
                jacobian[row][column] = ((double) above[stored(row)] - below[stored(row)]) / (2 * SMALL);
            }
        }
        return jacobian;
    }

    @Test
    void eachLatentIsChangedByThoseBeforeItAndTheDeterminantIsTheDiagonals() {
        AutoregressiveFlow flow = new AutoregressiveFlow(layers, CHANNELS, 5, false);
        checkTriangular(flow, false);
    }

    @Test
    void theSecondFlowRunsBackwards() {
        AutoregressiveFlow flow = new AutoregressiveFlow(layers, CHANNELS, 5, true);
        checkTriangular(flow, true);
    }

    private void checkTriangular(AutoregressiveFlow flow, boolean backwards) {
        NDArray z = noise(CHANNELS, 1);
        NDArray context = noise(5, 2);
        double[][] jacobian = jacobian(flow, z, context);
        double logDeterminant = 0;
        boolean anySeen = false;
        for (int row = 0; row < COUNT; row++) {
            logDeterminant += Math.log(jacobian[row][row]);
            for (int column = 0; column < COUNT; column++) {
                boolean isBefore = backwards ? column > row : column < row;
                if (column != row && !isBefore) {
                    assertEquals(0, jacobian[row][column], 1e-4, "latent " + row + " sees " + column);
                }
                anySeen |= isBefore && Math.abs(jacobian[row][column]) > 1e-3;
            }
        }
        assertTrue(anySeen, "no latent sees another");
        assertEquals(logDeterminant, flow.apply(z, context, false).logDeterminant().toFloatArray()[0], 2e-3);
    }

    @Test
    void theFirstLatentDependsOnTheContextAlone() {
        AutoregressiveFlow flow = new AutoregressiveFlow(layers, CHANNELS, 5, false);
        NDArray z = noise(CHANNELS, 1);
        float with = flow.apply(z, noise(5, 2), false).z().toFloatArray()[0];
        float other = flow.apply(z, noise(5, 3), false).z().toFloatArray()[0];
        assertFalse(with == other);
    }

    @Test
    void weightsThatWouldLookAheadAreNothingAndParametersAreCounted() {
        new MaskedConvolution(layers, 2, 8, 2, 5, true);
        assertEquals(8 * 2 * 25 + 2 * 8, parameters.count());
        float[] mask = parameters.array("mask").toFloatArray();
        float[] direction = parameters.array("direction").toFloatArray();
        for (int i = 0; i < mask.length; i++) {
            assertEquals(mask[i] == 0, direction[i] == 0, "weight " + i);
        }
        // Of 25 places 12 come before the middle, for both channels in; at the middle a channel sees those before it: 4 of 8 see one.
        float sum = 0;
        for (float value : mask) {
            sum += value;
        }
        assertEquals(8 * 2 * 12 + 4, sum);
    }

    @Test
    void theDivergenceWithFlowsIsRightOnAverage() {
        // A posterior whose flows are the identity has the exact divergence, so the estimate's mean must come to it.
        LatentGroup group = new LatentGroup(layers, 4, CHANNELS, 2);
        for (String flow : new String[] {"flow0.", "flow1."}) {
            // s = 20: σ = 1 and nothing is added.
            float[] bias = new float[2 * CHANNELS];
            Arrays.fill(bias, CHANNELS, 2 * CHANNELS, 20);
            parameters.set(flow + "second.bias", manager.create(bias));
            parameters.set(flow + "second.logLength", manager.full(new Shape(2 * CHANNELS), -20f));
        }
        Parameters plainParameters = new Parameters(manager);
        LatentGroup plain = new LatentGroup(new Layers(plainParameters, 3).with(Initialiser.KAIMING), 4, CHANNELS, 0);
        for (String name : plainParameters.names()) {
            plainParameters.set(name, parameters.array(name));
        }
        int n = 4000;
        NDArray h = noise(4, 5).repeat(0, n);
        NDArray s = noise(4, 6).repeat(0, n);
        NDArray seen = manager.ones(new Shape(n, 1, 1, 1));
        NDArray epsilon = Noise.normal(manager, new Shape(n, CHANNELS, SIDE, SIDE), 9);
        float exact = plain.posterior(h, s, epsilon, seen, false).divergence().toFloatArray()[0];
        NDArray estimates = group.posterior(h, s, epsilon, seen, false).divergence();
        double mean = estimates.mean().toFloatArray()[0];
        double error = Math.sqrt(estimates.sub(estimates.mean()).square().mean().toFloatArray()[0] / n);
        assertTrue(error > 0 && exact > 10 * error, "the test would see nothing: " + exact + " ± " + error);
        assertEquals(exact, mean, 4 * error);
        assertArrayEquals(plain.posterior(h, s, epsilon, seen, false).h().toFloatArray(), group.posterior(h, s, epsilon, seen, false).h().toFloatArray(), 1e-4f);
        plainParameters.close();
    }
}
