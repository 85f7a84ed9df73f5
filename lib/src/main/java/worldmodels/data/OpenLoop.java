package worldmodels.data;

import java.nio.ByteBuffer;
import java.util.Arrays;
import worldmodels.env.Space;
import worldmodels.random.Pcg64;

/**
 * A policy that acts without looking, each lane by itself, from a random stream that derives from the episode's seed. Actions are
 * rounded to float32, so that a recorded episode holds exactly what the environment was given.
 */
abstract class OpenLoop implements Policy {

    private final Pcg64[] random;
    private final double[][] action;
    private final int[] time;
    final Space space;

    OpenLoop(Space space, int lanes) {
        this.space = space;
        random = new Pcg64[lanes];
        action = new double[lanes][space.size()];
        time = new int[lanes];
    }

    /** Changes the lane's last action into its next one; at time 0 the last action is all zeros. */
    abstract void choose(Pcg64 random, int time, double[] action);

    @Override
    public final void start(int lane, EpisodeJob job) {
        random[lane] = Pcg64.stream(job.seed(), "exploration");
        time[lane] = 0;
        Arrays.fill(action[lane], 0);
    }

    @Override
    public final void act(ByteBuffer observations, boolean[] active, double[] actions) {
        int size = space.size();
        for (int lane = 0; lane < active.length; lane++) {
            if (active[lane]) {
                choose(random[lane], time[lane]++, action[lane]);
                for (int i = 0; i < size; i++) {
                    action[lane][i] = (float) action[lane][i];
                    actions[lane * size + i] = action[lane][i];
                }
            }
        }
    }

    @Override
    public final boolean looks() {
        return false;
    }

    /** A uniform draw from the space. */
    final void uniform(Pcg64 random, double[] action) {
        for (int i = 0; i < action.length; i++) {
            action[i] = random.uniform(space.low(i), space.high(i));
        }
    }
}
