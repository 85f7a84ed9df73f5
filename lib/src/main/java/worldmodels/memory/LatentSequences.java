package worldmodels.memory;

import java.util.ArrayList;
import java.util.List;
import worldmodels.random.Pcg64;
import worldmodels.run.KitException;

/**
 * Cuts episodes into sequences and deals them out in batches. Each epoch shifts the cuts and shuffles the sequences anew; both depend on
 * the seed and the epoch alone, so that a resumed training sees the batches an uninterrupted one would. An episode of n steps gives
 * n / length sequences that do not overlap; one that is shorter than a sequence gives one, padded with steps of weight 0.
 *
 * <p>A memory that has seen nothing is right at an episode's beginning only. So with burn-in the first sequence begins there and the last ends with the
 * episode, those between lie evenly, and each after the first overlaps the one before by as many steps at least, whose weight is 0.
 */
public final class LatentSequences {

    private record Cut(LatentEpisode episode, int start) {}

    private final List<LatentEpisode> episodes;
    private final int length;
    private final int burnIn;
    private final int batch;
    private final long seed;
    private final int count;

    private long dealtEpoch = -1;
    private List<Cut> dealt;

    /**
     * @param length steps per sequence; the authors' 999 of 1,000 frames
     * @param burnIn steps at the head of a sequence from the middle of an episode that only fill the memory; 0 predicts every step
     * @param batch  sequences per batch; fewer if there are not enough
     * @throws KitException if there is no episode, or they differ in latents or actions
     */
    public LatentSequences(List<LatentEpisode> episodes, int length, int burnIn, int batch, long seed) {
        if (episodes.isEmpty() || length < 1 || batch < 1 || burnIn < 0 || burnIn >= length) {
            throw new KitException("Sequences of " + length + " steps in batches of " + batch + ", " + burnIn + " of them burnt in, cannot be cut from "
                    + episodes.size() + " episodes; record episodes, choose both at least 1, and burn in fewer steps than a sequence has.");
        }
        for (LatentEpisode episode : episodes) {
            if (episode.latent() != episodes.getFirst().latent() || episode.actions() != episodes.getFirst().actions()) {
                throw new KitException("Episodes with " + episode.latent() + " and " + episodes.getFirst().latent()
                        + " latents cannot be in one training; encode all of them with the same V.");
            }
        }
        this.episodes = List.copyOf(episodes);
        this.length = Math.min(length, episodes.stream().mapToInt(LatentEpisode::steps).max().orElseThrow());
        this.burnIn = Math.min(burnIn, this.length - 1);
        this.count = episodes.stream().mapToInt(this::cuts).sum();
        this.batch = Math.min(batch, count);
        this.seed = seed;
    }

    public int latent() {
        return episodes.getFirst().latent();
    }

    public int actions() {
        return episodes.getFirst().actions();
    }

    /** Sequences per epoch. */
    public int count() {
        return count;
    }

    /** Whole batches per epoch; what is left over differs from epoch to epoch. */
    public long batchesPerEpoch() {
        return count / batch;
    }

    /** The batch of a training step, counted from 0 through all epochs. */
    public LatentBatch batch(long step) {
        long epoch = step / batchesPerEpoch();
        if (epoch != dealtEpoch) {
            dealt = deal(epoch);
            dealtEpoch = epoch;
        }
        int first = (int) (step % batchesPerEpoch()) * batch;
        return assemble(dealt.subList(first, first + batch));
    }

    /** Every sequence once, cut from the episodes' first frames, in order; the last batch may be smaller. */
    public List<LatentBatch> all() {
        List<Cut> cuts = new ArrayList<>();
        episodes.forEach(episode -> cut(episode, 0, cuts));
        List<LatentBatch> batches = new ArrayList<>();
        for (int first = 0; first < cuts.size(); first += batch) {
            batches.add(assemble(cuts.subList(first, Math.min(first + batch, cuts.size()))));
        }
        return batches;
    }

    private List<Cut> deal(long epoch) {
        Pcg64 random = Pcg64.stream(seed, "memory sequences of epoch " + epoch);
        List<Cut> cuts = new ArrayList<>(count);
        for (LatentEpisode episode : episodes) {
            int slack = burnIn > 0 ? 0 : Math.max(0, episode.steps() - cuts(episode) * length);
            cut(episode, random.integers(slack + 1), cuts);
        }
        int[] order = random.permutation(count);
        List<Cut> shuffled = new ArrayList<>(count);
        for (int i : order) {
            shuffled.add(cuts.get(i));
        }
        return shuffled;
    }

    private int cuts(LatentEpisode episode) {
        return burnIn > 0 ? 1 + Math.ceilDiv(Math.max(0, episode.steps() - length), length - burnIn) : Math.max(1, episode.steps() / length);
    }

    private void cut(LatentEpisode episode, int start, List<Cut> cuts) {
        int count = cuts(episode);
        for (int i = 0; i < count; i++) {
            cuts.add(new Cut(episode, burnIn > 0 && i > 0 ? i * (episode.steps() - length) / (count - 1) : start + i * length));
        }
    }

    private LatentBatch assemble(List<Cut> cuts) {
        int size = cuts.size();
        int latent = latent();
        int actions = actions();
        float[] mean = new float[(length + 1) * size * latent];
        float[] logVariance = new float[mean.length];
        float[] action = new float[length * size * actions];
        float[] reward = new float[length * size];
        float[] end = new float[length * size];
        float[] weight = new float[length * size];
        float[] headWeight = new float[length * size];
        for (int lane = 0; lane < size; lane++) {
            LatentEpisode episode = cuts.get(lane).episode();
            int start = cuts.get(lane).start();
            for (int t = 0; t <= length && start + t < episode.frames(); t++) {
                int frame = start + t;
                int row = t * size + lane;
                for (int i = 0; i < latent; i++) {
                    mean[row * latent + i] = episode.mean(frame, i);
                    logVariance[row * latent + i] = episode.logVariance(frame, i);
                }
                if (t < length) {
                    for (int i = 0; i < actions; i++) {
                        action[row * actions + i] = episode.action(frame, i);
                    }
                    reward[row] = episode.reward(frame);
                    end[row] = episode.ended(frame) ? 1 : 0;
                    boolean burns = start > 0 && t < burnIn;
                    weight[row] = !burns && frame + 1 < episode.frames() ? 1 : 0;
                    headWeight[row] = burns ? 0 : 1;
                }
            }
        }
        return new LatentBatch(length, size, mean, logVariance, action, reward, end, weight, headWeight);
    }
}
