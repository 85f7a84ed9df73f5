package worldmodels.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import worldmodels.controller.Features;
import worldmodels.data.EpisodeJob;
import worldmodels.data.EpisodeResult;
import worldmodels.data.RolloutEngine;
import worldmodels.env.ThreadedEnvironments;
import worldmodels.env.TimeLimit;
import worldmodels.env.WorldModelsFrame;
import worldmodels.env.Environment;
import worldmodels.env.carracing.CarRacing;
import worldmodels.env.carracing.CarRacingVersion;
import worldmodels.memory.MdnRnn;
import worldmodels.memory.MdnRnnShape;
import worldmodels.nn.Compute;
import worldmodels.random.Pcg64;
import worldmodels.run.KitException;
import worldmodels.run.Progress;
import worldmodels.vision.ConvVae;

/** Environments seen through V and M. */
class LatentEnvironmentsTest {

    private static final int LATENT = 8;
    private static final int HIDDEN = 16;

    private final NDManager manager = Compute.newManager();
    private final ConvVae vision = new ConvVae(manager, LATENT, 3);
    private final MdnRnn memory = new MdnRnn(manager, new MdnRnnShape(LATENT, 3, HIDDEN, 2, false, false), 4);

    @AfterEach
    void close() {
        manager.close();
    }

    private static Environment road(int steps) {
        return new TimeLimit(WorldModelsFrame.cropped(new CarRacing(CarRacingVersion.V2)), steps);
    }

    /** A controller gets the very episode through them that it gets as an agent: the same features at the same time. */
    @Test
    void showAControllerWhatTheAgentSees() {
        double[] parameters = new double[Agent.controller(vision, memory, Features.Z_H).parameterCount()];
        Pcg64.seeded(5).standardNormal(parameters);
        List<EpisodeJob> jobs = List.of(new EpisodeJob(0, 7), new EpisodeJob(0, 8), new EpisodeJob(0, 9));
        for (LatentChoice choice : LatentChoice.values()) {
            EpisodeResult[] direct;
            try (ThreadedEnvironments frames = new ThreadedEnvironments(2, 1, () -> road(25));
                    WorldModelPolicy policy = new Agent(vision, memory, Features.Z_H, choice, parameters).policy(2)) {
                direct = new RolloutEngine(frames).run(jobs, policy, Progress.NONE);
            }
            try (LatentEnvironments seen = new LatentEnvironments(new ThreadedEnvironments(3, 1, () -> road(25)), vision, memory, choice, 1)) {
                FeaturePolicy policy = new FeaturePolicy(Agent.controller(vision, memory, Features.Z_H), LATENT + HIDDEN, 3);
                policy.population(new double[][] {parameters});
                EpisodeResult[] through = new RolloutEngine(seen).run(jobs, policy, Progress.NONE);
                assertEquals(Arrays.asList(direct), Arrays.asList(through), choice.name());
            }
        }
    }

    /** Two steps at once are two steps: what is seen after them, what they pay, and where the episode ends in between. */
    @Test
    void repeatAnActionWithEyesOpen() {
        int steps = 7;
        double[] action = {0.3, 0.6, 0};
        try (LatentEnvironments once = environments(steps, 1); LatentEnvironments twice = environments(steps, 2)) {
            ByteBuffer one = once.newObservations();
            ByteBuffer two = twice.newObservations();
            boolean[] all = {true};
            once.reset(all, new long[] {3}, one);
            twice.reset(all, new long[] {3}, two);
            double[] reward = new double[1];
            double[] rewards = new double[1];
            boolean[] terminated = new boolean[1];
            boolean[] truncated = new boolean[1];
            for (int t = 0; t < steps; t += 2) {
                double sum = 0;
                for (int i = t; i < Math.min(t + 2, steps); i++) {
                    once.step(all, action, reward, terminated, truncated, one);
                    sum += reward[0];
                }
                boolean wasTruncated = truncated[0];
                twice.step(all, action, rewards, terminated, truncated, two);
                assertEquals(sum, rewards[0]);
                assertEquals(wasTruncated, truncated[0]);
                assertEquals(one.clear(), two.clear());
            }
            assertTrue(truncated[0]);
        }
    }

    private LatentEnvironments environments(int steps, int repeat) {
        return new LatentEnvironments(new ThreadedEnvironments(1, 1, () -> road(steps)), vision, memory, LatentChoice.MEAN, repeat);
    }

    @Test
    void refuseAnotherVsM() {
        ConvVae other = new ConvVae(manager, LATENT + 1, 3);
        String thrown = assertThrows(KitException.class,
                () -> new LatentEnvironments(new ThreadedEnvironments(1, 1, () -> road(5)), other, memory, LatentChoice.MEAN, 1)).getMessage();
        assertTrue(thrown.contains("M is for 8 latents and 3 actions"), thrown);
    }
}
