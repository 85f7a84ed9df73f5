package worldmodels.planet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import worldmodels.nn.Compute;
import worldmodels.nn.Gradients;
import worldmodels.nn.Layers;
import worldmodels.nn.Noise;
import worldmodels.nn.Parameters;
import worldmodels.nn.Seeds;

class FirstWeightsTest {

    private NDManager manager;
    private Parameters parameters;
    private Gradients.Pause pause;

    @BeforeEach
    void open() {
        manager = Compute.newManager();
        parameters = new Parameters(manager);
        pause = Gradients.pause();
    }

    @AfterEach
    void close() {
        pause.close();
        parameters.close();
        manager.close();
    }

    /** With no weights the candidate is tanh(0) = 0 and the update gate sigmoid(bias), so h' = sigmoid(bias) h. */
    @Test
    void gateBiasOfOneBeginsByRemembering() {
        Gru gru = Gru.of(new Layers(parameters, 1), 2, 3, new FirstWeights(1, false));
        assertArrayEquals(new float[] {1, 1, 1, 1, 1, 1, 0, 0, 0}, parameters.array("inputBias").toFloatArray());
        for (String name : new String[] {"input", "recurrent"}) {
            parameters.set(name, parameters.array(name).zerosLike());
        }
        NDArray h = manager.create(new float[] {1, -2, 0.5f}, new Shape(1, 3));
        float kept = (float) (1 / (1 + Math.exp(-1)));
        assertArrayEquals(new float[] {kept, -2 * kept, 0.5f * kept}, gru.apply(manager.zeros(new Shape(1, 2)), h).toFloatArray(), 1e-6f);
    }

    /** Glorot's bound of a layer from 30 + 1 to 128 numbers is sqrt(6 / 159), that of the action's column by itself sqrt(6 / 129). */
    @Test
    void joinedPartsBeginWithinTheBoundOfOneLayer() {
        Junction.of(new Layers(parameters, 1).in("joined"), "state", 30, "action", 1, 128, true);
        Junction.of(new Layers(parameters, 1).in("apart"), "state", 30, "action", 1, 128, false);
        assertBound(Math.sqrt(6.0 / 159), "joined.state");
        assertBound(Math.sqrt(6.0 / 159), "joined.action");
        assertBound(Math.sqrt(6.0 / 158), "apart.state");
        assertBound(Math.sqrt(6.0 / 129), "apart.action");
    }

    /** The authors' cell: 40 + 60 numbers to 2 x 60 gates, and to 60 candidates. */
    @Test
    void joinedGruBeginsAsALayerOfGatesAndOneOfCandidates() {
        Gru.of(new Layers(parameters, 1), 40, 60, new FirstWeights(0, true));
        for (String name : new String[] {"input", "recurrent"}) {
            NDArray weight = parameters.array(name);
            assertEquals(Math.sqrt(6.0 / 220), largest(weight.get(":120")), 0.005, name);
            assertEquals(Math.sqrt(6.0 / 160), largest(weight.get("120:")), 0.005, name);
        }
    }

    @Test
    void plainWeightsAreWhatTheyWere() {
        Gru.of(new Layers(parameters, 7), 2, 3, FirstWeights.PLAIN);
        NDArray expected = Noise.uniform(manager, new Shape(9, 2), (float) -Math.sqrt(6.0 / 11), (float) Math.sqrt(6.0 / 11),
                Seeds.named(7, "input"));
        assertTrue(Arrays.equals(expected.toFloatArray(), parameters.array("input").toFloatArray()));
        assertArrayEquals(new float[9], parameters.array("inputBias").toFloatArray());
    }

    private void assertBound(double bound, String name) {
        double largest = largest(parameters.array(name));
        assertTrue(largest <= bound && largest > 0.95 * bound, name + " " + largest + " of " + bound);
    }

    private static double largest(NDArray weight) {
        return weight.abs().max().toFloatArray()[0];
    }
}
