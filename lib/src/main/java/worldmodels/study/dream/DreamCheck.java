package worldmodels.study.dream;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import worldmodels.evaluation.Calibration;
import worldmodels.memory.LatentEpisode;
import worldmodels.memory.MdnRnn;
import worldmodels.memory.MemoryState;
import worldmodels.memory.Mixture;
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
    private static final double ACTIVE = 0.05;
    private static final boolean[] ONE = {true};

    /**
     * Some steps after the last frame that M saw.
     *
     * @param steps   how many
     * @param z       root of the mean squared error of an active number of z: the mean of M's dreams against the mean of what V sees
     * @param stayed  the same of the last frame that M was shown, as if nothing moved
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

    /**
     * How little M expects what comes next: the mean of -ln p(z') for each active number of z, in nats, z drawn from V's posterior. What V leaves at the
     * prior surprises every M alike.
     */
    static double surprise(MdnRnn memory, List<LatentEpisode> episodes, float deviation, long seed) {
        int[] active = active(episodes);
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
                Mixture next = memory.predict(state).latent();
                for (int i : active) {
                    sum -= next.logDensity(0, i, z[i]) / active.length;
                }
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
        int[] active = active(episodes);
        for (int e = 0; e < episodes.size(); e++) {
            LatentEpisode episode = episodes.get(e);
            StoppedException.throwIfInterrupted("Checking the memory");
            Dreams dreams = new Dreams(memory, episode, deviation, Pcg64.stream(Seeds.named(seed, "open loop", e), "z"));
            float[] last = episode.mean(WATCHED);
            double came = 0;
            for (int k = 0; k < AHEAD && WATCHED + 1 + k < episode.frames(); k++) {
                int t = WATCHED + k;
                dreams.step(episode.action(t));
                came += episode.reward(t);
                float[] real = episode.mean(t + 1);
                Tally tally = tallies[k];
                tally.z += squared(dreams.z(), real, active);
                tally.stayed += squared(last, real, active);
                tally.reward += Math.abs(dreams.reward() - came);
                tally.without += Math.abs((k + 1) * meanReward - came);
                tally.ended += 1 - dreams.lives();
                tally.count++;
                tally.known++;
            }
            // An episode that is over stays so; one whose recording was cut off is not known of.
            for (int k = Math.max(0, episode.frames() - 1 - WATCHED); k < AHEAD && episode.ended(episode.frames() - 1); k++) {
                tallies[k].ended += 1 - dreams.lives();
                tallies[k].over++;
                tallies[k].known++;
            }
        }
        return IntStream.range(0, AHEAD).filter(k -> tallies[k].count > 0).mapToObj(k -> tallies[k].ahead(k + 1)).toList();
    }

    /** M on its own, several times from the same watched frames: what it expects is the mean over its dreams, a single one also holds its chances. */
    private static final class Dreams {

        private static final int MANY = 16;
        private static final boolean[] ALL = new boolean[MANY];

        static {
            Arrays.fill(ALL, true);
        }

        private final MemoryState state;
        private final int latent;
        private final Pcg64 random;
        private final float[] z;
        private final double[] actions;
        private final double[] reward = new double[MANY];
        private final double[] lives = new double[MANY];

        Dreams(MdnRnn memory, LatentEpisode episode, float deviation, Pcg64 random) {
            this.random = random;
            latent = episode.latent();
            state = memory.initial(MANY);
            z = new float[MANY * latent];
            actions = new double[MANY * memory.shape().actions()];
            Arrays.fill(lives, 1);
            for (int t = 0; t <= WATCHED; t++) {
                for (int dream = 0; dream < MANY; dream++) {
                    episode.draw(t, deviation, random, z, dream * latent);
                }
                if (t < WATCHED) {
                    advance(episode.action(t));
                }
            }
        }

        private void advance(double[] action) {
            for (int i = 0; i < actions.length; i++) {
                actions[i] = action[i % action.length];
            }
            state.advance(ALL, z, actions);
        }

        void step(double[] action) {
            advance(action);
            state.expect(ALL);
            for (int dream = 0; dream < MANY; dream++) {
                reward[dream] += state.reward(dream);
                lives[dream] *= 1 - state.end(dream);
                state.sample(dream, 1, random, z, dream * latent);
            }
        }

        /** The mean of their z. */
        float[] z() {
            float[] mean = new float[latent];
            for (int i = 0; i < z.length; i++) {
                mean[i % latent] += z[i] / MANY;
            }
            return mean;
        }

        double reward() {
            return Arrays.stream(reward).average().orElseThrow();
        }

        double lives() {
            return Arrays.stream(lives).average().orElseThrow();
        }
    }

    /**
     * The numbers of z by which V tells frames apart: those whose divergence from the prior is above {@value #ACTIVE} nats. The others are noise about 0,
     * on which any M is as good as any other.
     */
    static int[] active(List<LatentEpisode> episodes) {
        int latent = episodes.getFirst().latent();
        double[] divergence = new double[latent];
        long frames = episodes.stream().mapToLong(LatentEpisode::frames).sum();
        for (LatentEpisode episode : episodes) {
            for (int t = 0; t < episode.frames(); t++) {
                for (int i = 0; i < latent; i++) {
                    double log = episode.logVariance(t, i);
                    divergence[i] += 0.5 * (Math.pow(episode.mean(t, i), 2) + Math.exp(log) - 1 - log) / frames;
                }
            }
        }
        int[] active = IntStream.range(0, latent).filter(i -> divergence[i] > ACTIVE).toArray();
        return active.length > 0 ? active : IntStream.range(0, latent).toArray();
    }

    private static double squared(float[] one, float[] other, int[] numbers) {
        return Arrays.stream(numbers).mapToDouble(i -> Math.pow(one[i] - other[i], 2)).average().orElseThrow();
    }

    private static float[] seen(LatentEpisode episode, int frame, float deviation, Pcg64 random) {
        float[] z = new float[episode.latent()];
        episode.draw(frame, deviation, random, z, 0);
        return z;
    }
}
