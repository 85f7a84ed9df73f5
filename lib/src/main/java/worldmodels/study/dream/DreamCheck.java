package worldmodels.study.dream;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import worldmodels.evaluation.Calibration;
import worldmodels.memory.LatentEpisode;
import worldmodels.memory.MdnRnn;
import worldmodels.memory.MemoryState;
import worldmodels.nn.Seeds;
import worldmodels.random.Pcg64;
import worldmodels.run.StoppedException;

/**
 * What M knows of real episodes that it never saw.
 *
 * @param reward   the next reward, one step ahead: expected against what came
 * @param end      whether the episode ends, one step ahead: probability against what came
 * @param openLoop M on its own under the recorded actions, by steps since it last saw a frame
 */
public record DreamCheck(Calibration reward, Calibration end, List<Ahead> openLoop) {

    private static final int REWARD_BINS = 20;
    private static final int END_BINS = 8;
    private static final int WATCHED = 60;
    private static final int AHEAD = 100;
    private static final boolean[] ONE = {true};

    /**
     * Some steps after the last frame that M saw.
     *
     * @param steps   how many
     * @param z       root of the mean squared error of a number of z: what M draws against the mean of what V sees
     * @param stayed  the same of the last z that M was shown, as if nothing moved
     * @param reward  mean absolute error of the reward collected since then
     * @param without the same of a guess that every step brings the mean reward
     * @param ended   share of episodes that M thinks over by then
     * @param over    share that were
     */
    public record Ahead(int steps, double z, double stayed, double reward, double without, double ended, double over) {}

    /** What M said one step ahead, and what came, step by step. */
    private record OneStep(double[] reward, double[] rewardThatCame, double[] end, double[] ended) {

        OneStep(int steps) {
            this(new double[steps], new double[steps], new double[steps], new double[steps]);
        }
    }

    /** Sums over episodes, some steps after the last frame; {@code known} also counts episodes that were over before. */
    private static final class Tally {

        private double z;
        private double stayed;
        private double reward;
        private double without;
        private double ended;
        private double over;
        private int count;
        private int known;

        Ahead ahead(int steps) {
            return new Ahead(steps, Math.sqrt(z / count), Math.sqrt(stayed / count), reward / count, without / count, ended / known, over / known);
        }
    }

    static DreamCheck of(MdnRnn memory, List<LatentEpisode> episodes, float deviation, long seed) {
        OneStep oneStep = oneStep(memory, episodes, deviation, seed);
        return new DreamCheck(Calibration.of(oneStep.reward, oneStep.rewardThatCame, REWARD_BINS), Calibration.of(oneStep.end, oneStep.ended, END_BINS),
                openLoop(memory, episodes.stream().filter(e -> e.frames() > WATCHED + 1).toList(), deviation, seed,
                        Arrays.stream(oneStep.rewardThatCame).average().orElse(0)));
    }

    /** How little M expects what comes next: the mean of -ln p(z') for each number of z, in nats, z drawn from V's posterior. */
    static double surprise(MdnRnn memory, List<LatentEpisode> episodes, float deviation, long seed) {
        double sum = 0;
        long steps = 0;
        for (int e = 0; e < episodes.size(); e++) {
            StoppedException.throwIfInterrupted("Checking the memory");
            LatentEpisode episode = episodes.get(e);
            Pcg64 random = Pcg64.stream(Seeds.named(seed, "surprise", e), "z");
            MemoryState state = memory.initial(1);
            float[] z = seen(episode, 0, deviation, random);
            for (int t = 0; t + 1 < episode.frames(); t++) {
                state.advance(z, episode.action(t));
                z = seen(episode, t + 1, deviation, random);
                sum += memory.predict(state).latent().negativeLogLikelihood(z);
                steps++;
            }
        }
        return sum / steps;
    }

    private static OneStep oneStep(MdnRnn memory, List<LatentEpisode> episodes, float deviation, long seed) {
        int steps = episodes.stream().mapToInt(LatentEpisode::frames).sum();
        OneStep all = new OneStep(steps);
        int n = 0;
        for (LatentEpisode episode : episodes) {
            StoppedException.throwIfInterrupted("Checking the memory");
            MemoryState state = memory.initial(1);
            Pcg64 random = Pcg64.stream(Seeds.named(seed, "check", n), "z");
            for (int t = 0; t < episode.frames(); t++) {
                state.advance(seen(episode, t, deviation, random), episode.action(t));
                state.expect(ONE);
                all.reward[n] = state.reward(0);
                all.rewardThatCame[n] = episode.reward(t);
                all.end[n] = state.end(0);
                all.ended[n++] = episode.ended(t) ? 1 : 0;
            }
        }
        return all;
    }

    private static List<Ahead> openLoop(MdnRnn memory, List<LatentEpisode> episodes, float deviation, long seed, double meanReward) {
        Tally[] tallies = Stream.generate(Tally::new).limit(AHEAD).toArray(Tally[]::new);
        for (int e = 0; e < episodes.size(); e++) {
            LatentEpisode episode = episodes.get(e);
            StoppedException.throwIfInterrupted("Checking the memory");
            Pcg64 random = Pcg64.stream(Seeds.named(seed, "open loop", e), "z");
            MemoryState state = memory.initial(1);
            for (int t = 0; t < WATCHED; t++) {
                state.advance(seen(episode, t, deviation, random), episode.action(t));
            }
            float[] z = new float[episode.latent()];
            float[] last = seen(episode, WATCHED - 1, deviation, random);
            double dreamt = 0;
            double came = 0;
            double lives = 1;
            for (int k = 0; k < AHEAD && WATCHED + k < episode.frames(); k++) {
                int t = WATCHED + k;
                state.expect(ONE);
                if (k > 0) {
                    // Reward and end of the step before belong to the frame that was dreamt there.
                    dreamt += state.reward(0);
                    came += episode.reward(t - 1);
                    lives *= 1 - state.end(0);
                }
                state.sample(0, 1, random, z, 0);
                float[] real = episode.mean(t);
                Tally tally = tallies[k];
                tally.z += squared(z, real);
                tally.stayed += squared(last, real);
                tally.reward += Math.abs(dreamt - came);
                tally.without += Math.abs(k * meanReward - came);
                tally.ended += 1 - lives;
                tally.count++;
                tally.known++;
                state.advance(z, episode.action(t));
            }
            // An episode that is over stays so; one whose recording was cut off is not known of.
            for (int k = episode.frames() - WATCHED; k < AHEAD && episode.ended(episode.frames() - 1); k++) {
                tallies[k].ended += 1 - lives;
                tallies[k].over++;
                tallies[k].known++;
            }
        }
        return IntStream.range(0, AHEAD).filter(k -> tallies[k].count > 0).mapToObj(k -> tallies[k].ahead(k + 1)).toList();
    }

    private static double squared(float[] one, float[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            sum += Math.pow(one[i] - other[i], 2) / one.length;
        }
        return sum;
    }

    private static float[] seen(LatentEpisode episode, int frame, float deviation, Pcg64 random) {
        float[] z = new float[episode.latent()];
        episode.draw(frame, deviation, random, z, 0);
        return z;
    }
}
