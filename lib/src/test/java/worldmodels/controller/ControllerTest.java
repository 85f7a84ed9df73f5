package worldmodels.controller;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import worldmodels.env.Space;
import worldmodels.random.Pcg64;
import worldmodels.run.KitException;

class ControllerTest {

    @Test
    void countsAreTheAuthors() {
        assertEquals(99, Features.Z.controller(32, 256).parameterCount());
        assertEquals(1_443, Features.Z_HIDDEN.controller(32, 256).parameterCount());
        assertEquals(867, Features.Z_H.controller(32, 256).parameterCount());
        assertEquals(32, Features.Z.controller(32, 256).featureSize());
        assertEquals(288, Features.Z_H.controller(32, 256).featureSize());
    }

    @Test
    void onlyTheFullModelNeedsMemory() {
        for (Features features : Features.values()) {
            assertEquals(features == Features.Z_H, features.usesHidden());
            assertEquals(features.usesHidden(), features.controller(32, 256).usesHidden());
        }
    }

    @Test
    void linearActsAsWorkedByHand() {
        Controller controller = new LinearController(2, false, Squash.ofCar());
        // b = (0.1, 0.2, -0.3); W rows per feature. x = (0.5, -2).
        double[] parameters = {0.1, 0.2, -0.3, 1, 2, 4, 0.25, 1, -0.5};
        double[] action = new double[5];
        controller.act(new float[] {9, 0.5f, -2}, 1, parameters, action, 2);
        // Sums: 0.1 + 0.5 - 0.5 = 0.1; 0.2 + 1 - 2 = -0.8; -0.3 + 2 + 1 = 2.7.
        // tanh 0.1 = 0.0996679946249558; tanh 0.8 = 0.664036770267849; tanh 2.7 = 0.991007453678118.
        assertArrayEquals(new double[] {0, 0, 0.0996679946249558, (1 - 0.664036770267849) / 2, 0.991007453678118}, action, 1e-14);
    }

    @Test
    void hiddenLayerActsAsWorkedByHand() {
        Controller controller = new HiddenLayerController(2, 2, Squash.ofCar());
        double[] parameters = {
            0.5, -1,            // b1
            1, 0, 2, 3,         // W1: feature 0 to units 0 and 1, then feature 1
            0, 1, -1,           // b2
            1, 2, 3, -1, 0, 0.5 // W2: unit 0 to steer, gas, brake, then unit 1
        };
        double[] action = new double[3];
        controller.act(new float[] {1.5f, -0.5f}, 0, parameters, action, 0);
        // Units: tanh(0.5 + 1.5 - 1) = tanh 1 = 0.761594155955765; tanh(-1 - 1.5) = -tanh 2.5 = -0.986614298151430.
        double a = 0.761594155955765;
        double b = -0.986614298151430;
        assertArrayEquals(new double[] {Math.tanh(a - b), (Math.tanh(1 + 2 * a) + 1) / 2, Math.tanh(-1 + 3 * a + 0.5 * b)}, action, 1e-14);
    }

    @Test
    void zeroParametersGiveHalfGasAndNoBrake() {
        for (Features features : Features.values()) {
            Controller controller = features.controller(32, 256);
            double[] action = {7, 7, 7};
            controller.act(new float[controller.featureSize()], 0, new double[controller.parameterCount()], action, 0);
            assertArrayEquals(new double[] {0, 0.5, 0}, action);
        }
    }

    @Test
    void actionsStayInTheCarsRanges() {
        Pcg64 random = Pcg64.seeded(3);
        for (Features features : Features.values()) {
            Controller controller = features.controller(4, 6);
            double[] parameters = new double[controller.parameterCount()];
            float[] x = new float[controller.featureSize()];
            double[] action = new double[3];
            boolean braked = false;
            boolean coasted = false;
            for (int trial = 0; trial < 200; trial++) {
                random.standardNormal(parameters);
                for (int i = 0; i < x.length; i++) {
                    x[i] = (float) (3 * random.standardNormal());
                }
                controller.act(x, 0, parameters, action, 0);
                assertTrue(Math.abs(action[0]) <= 1 && action[1] >= 0 && action[1] <= 1 && action[2] >= 0 && action[2] <= 1);
                braked |= action[2] > 0.5;
                coasted |= action[2] == 0;
            }
            assertTrue(braked && coasted, "the brake is both pressed and released");
        }
    }

    /** Any number of actions, each within its own bounds: even about 0, beside 0, and clipped as the car's brake. */
    @Test
    void actsWithinTheBoundsOfAnyActionSpace() {
        Controller arm = new LinearController(1, false, Squash.into(Space.vector(new double[] {-2, 1}, new double[] {2, 5})));
        double[] parameters = {0.1, -0.3, 2, 3};
        double[] action = new double[2];
        arm.act(new float[] {0.5f}, 0, parameters, action, 0);
        assertArrayEquals(new double[] {2 * Math.tanh(1.1), 1 + 4 * (Math.tanh(1.2) + 1) / 2}, action, 1e-14);
        for (float x : new float[] {-50, 50}) {
            arm.act(new float[] {x}, 0, parameters, action, 0);
            assertArrayEquals(x < 0 ? new double[] {-2, 1} : new double[] {2, 5}, action);
        }
        KitException error = assertThrows(KitException.class,
                () -> Squash.into(Space.vector(new double[] {0}, new double[] {Double.POSITIVE_INFINITY})));
        assertTrue(error.getMessage().contains("Infinity"), error.getMessage());
    }

    @Test
    void refusesAnotherControllersParameters() {
        Controller controller = Features.Z.controller(32, 256);
        KitException error = assertThrows(KitException.class,
                () -> controller.act(new float[32], 0, new double[867], new double[3], 0));
        assertTrue(error.getMessage().contains("99") && error.getMessage().contains("867"), error.getMessage());
        assertFalse(error.getMessage().contains("\n"));
    }
}
