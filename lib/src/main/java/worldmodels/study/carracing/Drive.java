package worldmodels.study.carracing;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import worldmodels.agent.Agent;
import worldmodels.agent.WorldModelPolicy;
import worldmodels.data.EpisodeJob;
import worldmodels.env.Environment;
import worldmodels.env.Transition;
import worldmodels.env.carracing.CarRacing;
import worldmodels.memory.LatentEpisode;
import worldmodels.report.AnimatedGif;
import worldmodels.report.RgbFrame;
import worldmodels.vision.VisionModel;

/**
 * One episode of a trained agent, to look at.
 *
 * @param frames  what V saw before each step
 * @param latents the z that C acted on (steps, latent)
 * @param actions what it did (steps, 3)
 * @param rewards that followed (steps)
 */
public record Drive(List<RgbFrame> frames, float[][] latents, double[][] actions, double[] rewards) {

    /** ln σ² of a z that is as good as certain. */
    private static final float NO_NOISE = -30;
    private static final List<String> PARTS = List.of("steering", "gas", "brake");

    /**
     * @param environment 64 x 64 pixels; closed by the caller
     * @param steps       at most
     */
    public static Drive of(Agent agent, Environment environment, long track, int steps) {
        return of(agent, environment, track, steps, () -> { });
    }

    /** @param afterStep looks at what else the caller knows of the environment */
    static Drive of(Agent agent, Environment environment, long track, int steps, Runnable afterStep) {
        List<RgbFrame> seen = new ArrayList<>();
        List<float[]> kept = new ArrayList<>();
        ByteBuffer frame = ByteBuffer.allocateDirect(environment.observationSpace().bytes());
        double[] action = new double[environment.actionSpace().size()];
        boolean[] active = {true};
        List<double[]> done = new ArrayList<>();
        List<Double> rewards = new ArrayList<>();
        try (WorldModelPolicy policy = agent.policy(1)) {
            environment.reset(track);
            policy.start(0, new EpisodeJob(0, track));
            boolean ended = false;
            while (seen.size() < steps && !ended) {
                environment.observe(frame.clear());
                policy.act(frame.clear(), active, action);
                seen.add(RgbFrame.of(environment));
                kept.add(policy.latent(0));
                Transition transition = environment.step(action);
                done.add(action.clone());
                rewards.add(transition.reward());
                afterStep.run();
                ended = transition.ended();
            }
        }
        return new Drive(List.copyOf(seen), kept.toArray(float[][]::new), done.toArray(double[][]::new),
                rewards.stream().mapToDouble(Double::doubleValue).toArray());
    }

    /** The drive as C has seen it: z without noise, what it did, what followed. A dream can begin with it. */
    public LatentEpisode asSeen() {
        int latent = latents[0].length;
        float[] means = new float[latents.length * latent];
        float[] done = new float[actions.length * PARTS.size()];
        float[] followed = new float[rewards.length];
        for (int t = 0; t < latents.length; t++) {
            System.arraycopy(latents[t], 0, means, t * latent, latent);
            for (int part = 0; part < PARTS.size(); part++) {
                done[t * PARTS.size() + part] = (float) actions[t][part];
            }
            followed[t] = (float) rewards[t];
        }
        float[] logVariances = new float[means.length];
        Arrays.fill(logVariances, NO_NOISE);
        return new LatentEpisode(latent, means, logVariances, done, followed, false);
    }

    /** Sum of the rewards. */
    public double score() {
        double score = 0;
        for (double reward : rewards) {
            score += reward;
        }
        return score;
    }

    /** The first frames beside what V decodes from z. */
    public AnimatedGif animation(VisionModel vision, int length) {
        return animation(length).panel("decoded from z", VisionFigures.decoded(vision, Arrays.copyOf(latents, Math.min(length, frames.size()))));
    }

    /** The first frames alone, with what the driver does at each and what comes of it. */
    public AnimatedGif animation(int length) {
        AnimatedGif animation = new AnimatedGif(25, 2).panel("what V sees", frames.subList(0, Math.min(length, frames.size())));
        for (int part = 0; part < PARTS.size(); part++) {
            int component = part;
            animation.trace(PARTS.get(part), CarRacing.ACTIONS.low(part), CarRacing.ACTIONS.high(part),
                    Arrays.stream(actions).mapToDouble(action -> action[component]).toArray());
        }
        double[] soFar = rewards.clone();
        Arrays.parallelPrefix(soFar, Double::sum);
        return animation.trace("reward", 0, Arrays.stream(rewards).max().orElse(1), rewards)
                .trace("score so far", Math.min(0, Arrays.stream(soFar).min().orElse(0)), Math.max(1, Arrays.stream(soFar).max().orElse(1)), soFar);
    }

    /** Every n-th frame, without those of the first second, in which the camera zooms. */
    public List<RgbFrame> every(int n) {
        List<RgbFrame> some = new ArrayList<>();
        for (int t = 50; t < frames.size(); t += n) {
            some.add(frames.get(t));
        }
        return some;
    }
}
