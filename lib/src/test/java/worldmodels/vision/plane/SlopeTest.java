package worldmodels.vision.plane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import worldmodels.nn.Compute;
import worldmodels.nn.Gradients;
import worldmodels.nn.Layers;
import worldmodels.nn.Layers.Mlp;
import worldmodels.nn.Noise;
import worldmodels.nn.Parameters;

class SlopeTest {

    private static final int ROWS = 6;

    private final NDManager manager = Compute.newManager();
    private final Parameters parameters = new Parameters(manager);
    private final Mlp critic = new Layers(parameters, 5).mlp(2, 2, 16, 1);
    private final NDArray x = Noise.normal(manager, new Shape(ROWS, 2), 9);

    SlopeTest() {
        parameters.lendTo(manager);
    }

    @AfterEach
    void close() {
        manager.close();
    }

    /** The engine's own first derivative is the same. */
    @Test
    void theSlopeIsTheGradientThatTheEngineFinds() {
        float[] byHand = Slope.of(critic, x).toFloatArray();
        x.setRequiresGradient(true);
        try (Gradients.Tape tape = Gradients.record()) {
            tape.backward(critic.apply(x).sum());
        }
        float[] found = x.getGradient().toFloatArray();
        for (int i = 0; i < found.length; i++) {
            assertEquals(found[i], byHand[i], 1e-6);
        }
    }

    /** The derivative of the penalty in each weight, by central differences of the penalty; in doubles it would be nearer. */
    @Test
    void thePenaltysGradientIsItsDifferenceQuotient() {
        try (Gradients.Tape tape = Gradients.record()) {
            tape.backward(Slope.penalty(critic, x));
        }
        int compared = 0;
        for (String name : parameters.names()) {
            NDArray array = parameters.array(name);
            float[] values = array.toFloatArray();
            float[] gradient = array.getGradient().toFloatArray();
            for (int i = 0; i < values.length; i += 7) {
                float h = 2e-3f;
                double up = penaltyWith(name, values, i, h);
                double down = penaltyWith(name, values, i, -h);
                double quotient = (up - down) / (2 * h);
                // Where a unit switches in between, the function has a kink, and no derivative to compare with.
                if (isSmooth(name, values, i, h)) {
                    assertEquals(quotient, gradient[i], 2e-3 * Math.max(1, Math.abs(quotient)), name + " " + i);
                    compared++;
                }
            }
            if (name.endsWith("weight")) {
                assertTrue(IntStream.range(0, gradient.length).anyMatch(i -> gradient[i] != 0), name);
            }
        }
        assertTrue(compared > 20, compared + " compared");
    }

    private boolean isSmooth(String name, float[] values, int i, float h) {
        double middle = penaltyWith(name, values, i, 0);
        double bend = penaltyWith(name, values, i, h) + penaltyWith(name, values, i, -h) - 2 * middle;
        double halfBend = 4 * (penaltyWith(name, values, i, h / 2) + penaltyWith(name, values, i, -h / 2) - 2 * middle);
        return Math.abs(bend - halfBend) < 1e-4;
    }

    private double penaltyWith(String name, float[] values, int i, float change) {
        float[] moved = values.clone();
        moved[i] += change;
        try (NDManager scope = manager.newSubManager(); Gradients.Pause pause = Gradients.pause()) {
            parameters.set(name, scope.create(moved, parameters.array(name).getShape()));
            double penalty = Slope.penalty(critic, x).toFloatArray()[0];
            parameters.set(name, scope.create(values, parameters.array(name).getShape()));
            return penalty;
        }
    }
}
