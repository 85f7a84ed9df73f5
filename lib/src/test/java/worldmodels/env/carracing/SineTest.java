package worldmodels.env.carracing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import worldmodels.random.Pcg64;

class SineTest {

    @Test
    void agreesWithTheExactFunctions() {
        Pcg64 random = Pcg64.seeded(0);
        for (int i = 0; i < 200_000; i++) {
            double angle = random.uniform(-1, 1) * Math.pow(10, random.uniform(-6, 4));
            assertEquals(StrictMath.sin(angle), Sine.sin(angle), 4e-16);
            assertEquals(StrictMath.cos(angle), Sine.cos(angle), 4e-16);
        }
        assertEquals(0, Sine.sin(0), 0);
        assertEquals(1, Sine.cos(0), 0);
    }

    @Test
    void floatSineIsWithinAUnitInTheLastPlaceAndMostlyTheNearest() {
        Pcg64 random = Pcg64.seeded(1);
        int notNearest = 0;
        int angles = 100_000;
        for (int i = 0; i < angles; i++) {
            float angle = (float) random.uniform(-200, 200);
            double sine = StrictMath.sin(angle);
            double cosine = StrictMath.cos(angle);
            assertEquals(sine, FloatSine.sin(angle), Math.ulp((float) sine));
            assertEquals(cosine, FloatSine.cos(angle), Math.ulp((float) cosine));
            notNearest += FloatSine.sin(angle) != (float) sine ? 1 : 0;
        }
        assertEquals(0.013, notNearest / (double) angles, 0.01);
    }
}
