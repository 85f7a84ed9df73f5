package worldmodels.nn;

import java.util.Map;

/**
 * What learns, step by step: it owns a model's optimisers and whatever else moves as it learns, and {@link Training} does the rest. A step is what
 * the method calls one: an optimiser's update on a batch, an update of a critic and now and then of an actor, a generation of a search.
 *
 * <p>Whatever is random in a step comes from a seed and the step's number, or from state that is saved; then a training that was stopped and
 * resumed equals one that was not, bit for bit (on the CPU, with the same number of threads).
 */
public interface Learner extends AutoCloseable {

    /** What the work is called, e.g. {@code ConvVAE training}. */
    String work();

    /** The plural of what its steps are called. */
    default String unit() {
        return "steps";
    }

    /** The kind of its checkpoints. */
    String kind();

    /** What a resumed training must share with the one that wrote the checkpoint; not how long it lasts, unless a step depends on it. */
    Map<String, String> settings();

    /**
     * One step. Where it throws, nothing of the step has happened.
     *
     * @param step counted from 0
     * @return its figures, {@link Terms#LOSS} among them if there is one
     */
    Terms update(long step);

    /**
     * Measures what has been learned, for a point of the curve: on data or episodes that are never learned from. A learner that collects episodes
     * between its steps does that here too. Where it throws, the point is made again by the next run.
     *
     * @param step  steps that were taken
     * @param means of the terms since the point before
     * @return by the names that {@link #update} uses; empty if nothing is measured
     */
    default Terms measure(long step, Terms means) {
        return Terms.NONE;
    }

    /** A sentence that whoever watches should read beside the figures; empty where there is none. */
    default String notice() {
        return "";
    }

    /** Puts all that moves as it learns: weights, the optimisers' state, and what its own log is. */
    void save(Checkpoint.Draft draft);

    /** Goes on from what {@link #save} put. */
    void restore(Checkpoint found);

    /** Frees the optimisers; the model stays. */
    @Override
    void close();
}
