package worldmodels.data;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import worldmodels.random.Pcg64;
import worldmodels.run.KitException;

/**
 * Episodes to train on and episodes to validate on, split by whole episodes: frames of one episode look alike, so frames of a training
 * episode would make validation too good.
 *
 * @param train      in their original order
 * @param validation in their original order, none of them in {@code train}
 */
public record Split<T>(List<T> train, List<T> validation) {

    /** These episodes, then the other ones. */
    public Split<T> and(Split<T> other) {
        List<T> bothTrain = new ArrayList<>(train);
        bothTrain.addAll(other.train);
        List<T> bothHeld = new ArrayList<>(validation);
        bothHeld.addAll(other.validation);
        return new Split<>(List.copyOf(bothTrain), List.copyOf(bothHeld));
    }

    /**
     * Draws the episodes to validate on; episodes, count and seed decide which.
     *
     * @throws KitException if nothing would be left to train on
     */
    public static <T> Split<T> of(List<T> episodes, int validation, long seed) {
        if (validation < 0 || validation >= episodes.size()) {
            throw new KitException(validation + " of " + episodes.size() + " episodes for validation leave none to train on;"
                    + " record more episodes (rollouts.episodes) or validate on fewer (rollouts.validation).");
        }
        int[] order = Pcg64.stream(seed, "split").permutation(episodes.size());
        TreeSet<Integer> chosen = new TreeSet<>();
        for (int i = 0; i < validation; i++) {
            chosen.add(order[i]);
        }
        List<T> train = new ArrayList<>();
        List<T> held = new ArrayList<>();
        for (int i = 0; i < episodes.size(); i++) {
            (chosen.contains(i) ? held : train).add(episodes.get(i));
        }
        return new Split<>(List.copyOf(train), List.copyOf(held));
    }
}
