package worldmodels.study.carracing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PrincipalPlaneTest {

    @Test
    void theWidestDirectionComesFirstAndTheMeanIsTheOrigin() {
        // Spread of 10 along (3, 4, 0) / 5, of 1 along z, and none across.
        double[][] vectors = {{1 + 6, 2 + 8, 0}, {1 - 6, 2 - 8, 0}, {1, 2, 1}, {1, 2, -1}};
        double[][] plane = PrincipalPlane.of(vectors);
        assertEquals(10, Math.abs(plane[0][0]), 1e-9);
        assertEquals(plane[0][0], -plane[1][0], 1e-9);
        assertEquals(0, plane[2][0], 1e-9);
        assertEquals(1, Math.abs(plane[2][1]), 1e-9);
        assertEquals(0, plane[0][1], 1e-9);
    }
}
