package worldmodels.study.panda;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import worldmodels.data.EpisodeJob;
import worldmodels.data.Policy;
import worldmodels.env.Transition;
import worldmodels.env.panda.PandaReach;
import worldmodels.env.panda.PandaVersion;
import worldmodels.report.RgbFrame;

/**
 * One episode of whoever acts on numbers, with pictures for us.
 *
 * @param frames    before the first step, and after each
 * @param distances from tool to goal at the same times, metres
 */
public record PandaFilm(List<RgbFrame> frames, List<Double> distances) {

    /**
     * Plays it.
     *
     * @param policy that acts in one lane
     * @param seed   of the goal
     * @param steps  at most
     * @param side   of the pictures, pixels
     * @throws worldmodels.run.KitException if MuJoCo is not on this machine or does not draw
     */
    public static PandaFilm of(PandaTask task, Policy policy, long seed, int steps, int side) {
        List<RgbFrame> frames = new ArrayList<>();
        List<Double> distances = new ArrayList<>();
        double[] action = new double[task.control().actions()];
        boolean[] acts = {true};
        try (PandaReach numbers = new PandaReach(task.control(), task.reward(), PandaVersion.V2);
                PandaReach pictures = PandaReach.withPictures(task.control(), task.reward(), PandaVersion.V2, side)) {
            ByteBuffer seen = ByteBuffer.allocateDirect(numbers.observationSpace().bytes()).order(ByteOrder.nativeOrder());
            numbers.reset(seed);
            pictures.reset(seed);
            policy.start(0, new EpisodeJob(0, seed));
            boolean ended = false;
            for (int t = 0; ; t++) {
                frames.add(RgbFrame.of(pictures));
                distances.add(distance(numbers));
                if (ended || t == steps) {
                    return new PandaFilm(frames, distances);
                }
                numbers.observe(seen.clear());
                policy.act(seen.clear(), acts, action);
                pictures.step(action);
                Transition transition = numbers.step(action);
                ended = transition.ended();
            }
        }
    }

    private static double distance(PandaReach task) {
        double[] x = task.achievedGoal();
        double[] g = task.desiredGoal();
        return Math.sqrt(Math.pow(x[0] - g[0], 2) + Math.pow(x[1] - g[1], 2) + Math.pow(x[2] - g[2], 2));
    }
}
