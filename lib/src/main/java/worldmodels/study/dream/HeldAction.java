package worldmodels.study.dream;

import java.nio.ByteBuffer;
import worldmodels.data.EpisodeJob;
import worldmodels.data.Policy;

/** One action for ever. */
record HeldAction(double... action) implements Policy {

    /** CarRacing's wheels half to the left, a tenth of the gas. */
    static final HeldAction CIRCLING = new HeldAction(-0.5, 0.1, 0);

    /** Its wheels straight, half of the gas. */
    static final HeldAction STRAIGHT_ON = new HeldAction(0, 0.5, 0);

    @Override
    public void start(int lane, EpisodeJob job) {}

    @Override
    public void act(ByteBuffer observations, boolean[] active, double[] actions) {
        for (int i = 0; i < actions.length; i++) {
            actions[i] = action[i % action.length];
        }
    }

    @Override
    public boolean looks() {
        return false;
    }
}
