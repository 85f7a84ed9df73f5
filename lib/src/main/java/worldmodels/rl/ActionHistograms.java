package worldmodels.rl;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import worldmodels.nn.Checkpoint;

/** How often each action is done while an agent learns: one histogram of each action between two points of the learning curve. */
public final class ActionHistograms {

    /** Of a histogram. */
    public static final int BARS = 20;

    private static final String WHOLE = "histograms of actions";
    private static final String BEGUN = Checkpoint.TRAINING + "histogram of actions";

    private final List<float[]> whole = new ArrayList<>();
    /** (actions, {@value #BARS}) row-major. */
    private float[] begun;

    ActionHistograms(int actions) {
        begun = new float[actions * BARS];
    }

    /** Counts what was done of one action. @param unit -1 at its lower bound, 1 at its upper one */
    void count(int action, double unit) {
        begun[action * BARS + Math.clamp((int) ((unit + 1) / 2 * BARS), 0, BARS - 1)]++;
    }

    /** The curve has a new point. */
    void next() {
        whole.add(begun);
        begun = new float[begun.length];
    }

    void save(Checkpoint.Draft draft) {
        float[] all = new float[whole.size() * begun.length];
        for (int i = 0; i < whole.size(); i++) {
            System.arraycopy(whole.get(i), 0, all, i * begun.length, begun.length);
        }
        draft.put(WHOLE, all).put(BEGUN, begun);
    }

    void restore(Checkpoint found) {
        float[] all = found.floats(WHOLE);
        whole.clear();
        for (int at = 0; at < all.length; at += begun.length) {
            whole.add(Arrays.copyOfRange(all, at, at + begun.length));
        }
        begun = found.floats(BEGUN);
    }

    /** @return (points, actions, {@value #BARS}), from an action's lower bound to its upper one */
    public static float[][][] of(Checkpoint agent) {
        int size = (int) agent.number(Ppo.ACTION);
        float[] all = agent.floats(WHOLE);
        float[][][] histograms = new float[all.length / size / BARS][size][];
        for (int i = 0; i < histograms.length * size; i++) {
            histograms[i / size][i % size] = Arrays.copyOfRange(all, i * BARS, (i + 1) * BARS);
        }
        return histograms;
    }
}
