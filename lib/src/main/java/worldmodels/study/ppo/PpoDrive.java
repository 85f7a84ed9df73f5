package worldmodels.study.ppo;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import worldmodels.data.EpisodeJob;
import worldmodels.data.Policy;
import worldmodels.env.BatchedEnvironment;
import worldmodels.report.RgbFrame;
import worldmodels.run.Progress;

/**
 * One episode of a trained agent, to look at.
 *
 * @param frames of every environment step
 * @param seen   what the actor saw at each decision, where that is [z h]; empty on pixels
 * @param repeat steps of a decision
 * @param score  sum of the rewards
 */
public record PpoDrive(List<RgbFrame> frames, List<float[]> seen, int repeat, double score) {

    /** @param steps of the environment at most */
    static PpoDrive of(PpoExperiment experiment, LearnedPpo agent, long track, int steps, Progress progress) {
        List<Film> films = new ArrayList<>();
        int repeat = PpoStudy.driven(agent.chain().preset(), agent.row()).repeat();
        try (BatchedEnvironment environment = experiment.environments(agent.row(), agent.chain(), 1, 0, road -> {
            films.add(new Film(road));
            return films.getLast();
        }, progress)) {
            List<float[]> seen = new ArrayList<>();
            ByteBuffer observation = environment.newObservations();
            boolean[] active = {true};
            double[] action = new double[environment.actionSpace().size()];
            double[] reward = new double[1];
            boolean[] terminated = new boolean[1];
            boolean[] truncated = new boolean[1];
            Policy policy = PpoExperiment.actor(agent, environment).policy();
            environment.reset(active, new long[] {track}, observation);
            policy.start(0, new EpisodeJob(0, track));
            for (int t = 0; t < steps && !terminated[0] && !truncated[0]; t += repeat) {
                if (!agent.row().isOfPixels()) {
                    float[] numbers = new float[environment.observationSpace().size()];
                    observation.clear().asFloatBuffer().get(numbers);
                    seen.add(numbers);
                }
                policy.act(observation.clear(), active, action);
                environment.step(active, action, reward, terminated, truncated, observation);
            }
            return new PpoDrive(List.copyOf(films.getFirst().frames()), List.copyOf(seen), repeat, films.getFirst().score());
        }
    }

    /** The picture that a decision was made on. */
    public RgbFrame decidedOn(int decision) {
        return frames.get(Math.min(decision * repeat, frames.size() - 1));
    }
}
