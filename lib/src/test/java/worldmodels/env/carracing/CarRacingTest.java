package worldmodels.env.carracing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import worldmodels.env.Transition;
import worldmodels.run.KitException;

class CarRacingTest {

    private static final double[] GAS = {0, 0.5, 0};

    @Test
    void theSameSeedAndActionsGiveTheSameEpisode() {
        CarRacing first = new CarRacing();
        CarRacing second = new CarRacing();
        second.reset(99);
        second.step(GAS);
        first.reset(5);
        second.reset(5);
        for (int i = 0; i < 300; i++) {
            double[] action = {Math.sin(i * 0.05), i % 3 * 0.5, i % 50 == 0 ? 0.5 : 0};
            assertEquals(first.step(action), second.step(action));
            assertEquals(first.hullPose(), second.hullPose());
        }
        assertEquals(first.tilesVisited(), second.tilesVisited());
    }

    @Test
    void theFirstRewardHoldsTheTilesOfTheStart() {
        CarRacing racing = new CarRacing();
        racing.reset(1);
        assertEquals(2, racing.tilesVisited());
        assertEquals(2000.0 / racing.tileCount() - 0.1, racing.step(GAS).reward(), 1e-12);
        assertEquals(-0.1, racing.step(GAS).reward(), 1e-12);
    }

    @Test
    void leavingTheFieldCostsExactlyOneHundredAndTerminates() {
        CarRacing racing = new CarRacing();
        racing.reset(0);
        Transition last = racing.step(GAS);
        for (int i = 0; i < 1000 && !last.ended(); i++) {
            last = racing.step(new double[] {0, 0.3, 0});
        }
        assertEquals(-100, last.reward());
        assertTrue(last.terminated());
        assertFalse(last.truncated());
        CarRacing.Pose pose = racing.hullPose();
        assertTrue(Math.max(Math.abs(pose.x()), Math.abs(pose.y())) > Track.PLAYFIELD);
        assertFalse(racing.onRoad());
    }

    @Test
    void refusesABadAction() {
        CarRacing racing = new CarRacing();
        assertThrows(KitException.class, () -> racing.step(GAS));
        racing.reset(0);
        assertThrows(KitException.class, () -> racing.step(new double[] {0, 1}));
        assertThrows(KitException.class, () -> racing.step(new double[] {Double.NaN, 0, 0}));
        assertThrows(KitException.class, () -> racing.step(new double[] {0, Double.POSITIVE_INFINITY, 0}));
        assertThrows(KitException.class, () -> racing.reset(-1));
        assertEquals(4, racing.wheelsOnRoad(), "a refused call changes nothing");
    }

    @Test
    void touchedTilesLoseTheirColour() {
        CarRacing racing = new CarRacing();
        racing.reset(42);
        int[] before = racing.track().quads().stream().mapToInt(Track.Quad::rgb).toArray();
        assertEquals(before[1], 0x686868);
        assertEquals(0x666666, racing.road().rgb[1], "the car starts on tile 1");
        assertEquals(before[4], racing.road().rgb[4]);
    }
}
