package worldmodels.env.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import worldmodels.env.Transition;
import worldmodels.env.mujoco.MuJoCo;

/**
 * Replays of episodes recorded from dm_control 1.0.7 with MuJoCo 2.2.2. Where the processor's sine and cosine are those of the recording nothing
 * differs over all 1000 steps; elsewhere chaotic tasks may part after the horizons that are tested here.
 */
class ControlTraceTest {

    private static final double CLOSE = 1e-9;

    @BeforeAll
    static void needsMuJoCo() {
        assumeTrue(MuJoCo.isAvailable(), "MuJoCo is not on this machine");
    }

    @ParameterizedTest
    @EnumSource
    void replaysTheKeptRecording(ControlTask task) {
        try (ControlEnvironment environment = ControlEnvironment.ofState(task)) {
            Recording.Difference difference = Recording.of(task).play(environment, Recording.KEPT_STEPS);
            assertTrue(difference.state() <= CLOSE && difference.reward() <= CLOSE && difference.observation() <= CLOSE, difference.toString());
        }
    }

    @ParameterizedTest
    @EnumSource
    void replaysEveryRecordedEpisode(ControlTask task) throws IOException {
        assumeTrue(GoldenEpisodes.areHere());
        try (ControlEnvironment environment = ControlEnvironment.ofState(task)) {
            for (String trace : GoldenEpisodes.TRACES) {
                Recording recording = GoldenEpisodes.read(task, trace);
                Recording.Difference difference = recording.play(environment, GoldenEpisodes.horizon(task));
                assertTrue(difference.state() <= CLOSE && difference.reward() <= CLOSE && difference.observation() <= CLOSE, trace + ": " + difference);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void recordedSensorsAndTheTimeLimitAgree(ControlTask task) throws IOException {
        assumeTrue(GoldenEpisodes.areHere());
        Recording recording = GoldenEpisodes.read(task, "driven");
        try (ControlEnvironment environment = ControlEnvironment.ofState(task)) {
            recording.begin(environment);
            for (int k = 1; k <= recording.steps(); k++) {
                Transition transition = environment.step(recording.action(k));
                assertEquals(k == recording.steps(), transition.truncated(), "step " + k);
                assertTrue(!transition.terminated() && transition.reward() >= 0 && transition.reward() <= 1, "step " + k);
                if (k <= GoldenEpisodes.horizon(task)) {
                    double[] sensors = recording.sensors(k);
                    for (int i = 0; i < sensors.length; i++) {
                        assertEquals(sensors[i], SuiteTask.at(environment.simulation().sensordata(), i), 1e-7, "sensor " + i + " of step " + k);
                    }
                }
            }
        }
    }
}
