package worldmodels.env.carracing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import worldmodels.Golden;
import worldmodels.env.Transition;

/**
 * Open-loop replays of episodes recorded from Gymnasium 0.29.1. Correct float32 implementations may differ by 2e-4 m at step 20 and
 * 5e-2 m at step 1000 (their sines may differ in the last bit, and small differences grow); this one does not differ at all.
 */
class CarRacingTraceTest {

    private static final String[] WHEELS = {"FL", "FR", "RL", "RR"};

    @ParameterizedTest
    @CsvSource({"idle,3", "straight_gas,0", "gas_brake,1", "left_turn,2", "sine,3", "follower,0", "lap,1", "random,1234", "random_held,42",
        "off_field,0"})
    void replaysTheRecordedEpisodeBitForBit(String name, int seed) throws IOException {
        assumeTrue(Trace.has(name));
        Trace trace = Trace.read(name);
        CarRacing racing = new CarRacing();
        racing.reset(seed);
        assertState(trace, 0, racing);
        for (int step = 1; step <= trace.steps(); step++) {
            Transition transition = racing.step(trace.action(step));
            assertState(trace, step, racing);
            assertEquals(trace.at(step, "reward"), transition.reward(), 1e-9, "reward of step " + step);
            assertEquals(trace.at(step, "terminated") != 0, transition.terminated(), "terminated at step " + step);
            assertEquals(trace.at(step, "truncated") != 0, transition.truncated(), "truncated at step " + step);
        }
    }

    private static void assertState(Trace trace, int step, CarRacing racing) {
        RigidBody hull = racing.car().hull;
        assertSame(trace, step, "hull_x", hull.originX);
        assertSame(trace, step, "hull_y", hull.originY);
        assertSame(trace, step, "hull_angle", hull.angle);
        assertSame(trace, step, "hull_vx", hull.vx);
        assertSame(trace, step, "hull_vy", hull.vy);
        assertSame(trace, step, "hull_omega", hull.omega);
        for (int i = 0; i < WHEELS.length; i++) {
            RigidBody wheel = racing.car().wheels[i];
            assertSame(trace, step, WHEELS[i] + "_x", wheel.originX);
            assertSame(trace, step, WHEELS[i] + "_y", wheel.originY);
            assertSame(trace, step, WHEELS[i] + "_angle", wheel.angle);
            assertSame(trace, step, WHEELS[i] + "_w", wheel.omega);
            assertSame(trace, step, WHEELS[i] + "_omega", racing.car().omega[i]);
            assertSame(trace, step, WHEELS[i] + "_phase", racing.car().phase[i]);
            assertSame(trace, step, WHEELS[i] + "_joint_angle", racing.car().joints[i].angle());
            assertSame(trace, step, WHEELS[i] + "_n_tiles", racing.road().tilesUnderWheel[i]);
        }
        assertSame(trace, step, "tile_visited_count", racing.tilesVisited());
        assertEquals(trace.at(step, "cum_reward"), racing.score(), 1e-9, "cum_reward at step " + step);
    }

    private static void assertSame(Trace trace, int step, String column, double value) {
        assertEquals(trace.at(step, column), value, 0, column + " at step " + step);
    }

    @ParameterizedTest
    @CsvSource({"V0,true,false", "V2,false,true", "V3,true,false"})
    void aFinishedLapEndsTheEpisodeAsTheVersionSays(CarRacingVersion version, boolean terminated, boolean truncated) throws IOException {
        assumeTrue(Golden.isComplete());
        Trace trace = Trace.read("lap");
        CarRacing racing = new CarRacing(version);
        racing.reset(1);
        Transition last = racing.step(trace.action(1));
        for (int step = 2; step <= trace.steps(); step++) {
            assertTrue(!last.ended() && !racing.lapFinished());
            last = racing.step(trace.action(step));
        }
        assertTrue(racing.lapFinished());
        assertEquals(racing.tileCount(), racing.tilesVisited());
        assertEquals(terminated, last.terminated());
        assertEquals(truncated, last.truncated());
    }
}
