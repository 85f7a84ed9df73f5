package worldmodels.study.panda;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import worldmodels.data.EpisodeJob;
import worldmodels.data.Policy;

/**
 * What needs no learning under end-effector control: the action points from the tool to the goal, a = clip(20 (g - x), -1, 1), so that a step asks for the
 * whole way where that is no more than an action moves. Reads the observations of {@link worldmodels.env.panda.PandaReach}, which end with x and g.
 */
public final class Proportional implements Policy {

    private static final float GAIN = 20;
    private static final int NUMBERS = 12;
    private static final int ACHIEVED = 6;
    private static final int DESIRED = 9;
    private static final int COORDINATES = 3;

    @Override
    public void start(int lane, EpisodeJob job) {}

    @Override
    public void act(ByteBuffer observations, boolean[] active, double[] actions) {
        FloatBuffer numbers = observations.asFloatBuffer();
        for (int lane = 0; lane < active.length; lane++) {
            for (int i = 0; active[lane] && i < COORDINATES; i++) {
                float distance = numbers.get(lane * NUMBERS + DESIRED + i) - numbers.get(lane * NUMBERS + ACHIEVED + i);
                actions[lane * COORDINATES + i] = Math.clamp(GAIN * distance, -1, 1);
            }
        }
    }
}
