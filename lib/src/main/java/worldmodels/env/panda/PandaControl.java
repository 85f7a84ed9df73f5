package worldmodels.env.panda;

import java.util.Arrays;
import worldmodels.env.Space;

/** What an action of {@link PandaReach} moves. */
public enum PandaControl {

    /** The tool, by three numbers: a step of up to 5 cm along x, y and z, for which inverse kinematics finds the joints. */
    END_EFFECTOR(3),

    /** The seven joints, by up to 0.05 rad each; the thesis' choice. */
    JOINTS(7);

    private final int actions;

    PandaControl(int actions) {
        this.actions = actions;
    }

    /** How many numbers an action has. */
    public int actions() {
        return actions;
    }

    /** Each of them from -1 to 1. */
    public Space space() {
        double[] high = new double[actions];
        Arrays.fill(high, 1);
        return Space.vector(Arrays.stream(high).map(each -> -each).toArray(), high);
    }
}
