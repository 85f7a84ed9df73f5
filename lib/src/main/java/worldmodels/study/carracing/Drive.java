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
import worldmodels.report.AnimatedGif;
import worldmodels.report.RgbFrame;
import worldmodels.vision.VisionModel;

/**
 * One episode of a trained agent, to look at.
 *
 * @param frames  what V saw before each step
 * @param latents the z that C acted on (steps, latent)
 * @param score   sum of the rewards
 */
public record Drive(List<RgbFrame> frames, float[][] latents, double score) {

    /**
     * @param environment 64 x 64 pixels; closed by the caller
     * @param steps       at most
     */
    public static Drive of(Agent agent, Environment environment, long track, int steps) {
        List<RgbFrame> seen = new ArrayList<>();
        List<float[]> kept = new ArrayList<>();
        ByteBuffer frame = ByteBuffer.allocateDirect(environment.observationSpace().bytes());
        double[] action = new double[environment.actionSpace().size()];
        boolean[] active = {true};
        double score = 0;
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
                score += transition.reward();
                ended = transition.ended();
            }
        }
        return new Drive(List.copyOf(seen), kept.toArray(float[][]::new), score);
    }

    /** The first frames beside what V decodes from z. */
    public AnimatedGif animation(VisionModel vision, int length) {
        int shown = Math.min(length, frames.size());
        return new AnimatedGif(25, 2).panel("what V sees", frames.subList(0, shown))
                .panel("decoded from z", VisionFigures.decoded(vision, Arrays.copyOf(latents, shown)));
    }

    /** The first frames alone. */
    public AnimatedGif animation(int length) {
        return new AnimatedGif(25, 2).panel("what V sees", frames.subList(0, Math.min(length, frames.size())));
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
