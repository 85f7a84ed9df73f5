package worldmodels.env.mujoco;

import worldmodels.run.KitException;

/** Whether MuJoCo is on this machine. The kit uses version 2.2.2, which every Debian from 12 on has, and no other. */
public final class MuJoCo {

    private MuJoCo() {}

    /** @return whether models can be loaded and simulated; pictures also need {@link OffscreenGl} */
    public static boolean isAvailable() {
        return Native.problem() == null;
    }

    /**
     * The library's version for provenance records: {@code 2.2.2}.
     *
     * @throws KitException with what to install, if the library is not there
     */
    public static String version() {
        Native.require();
        return "2.2.2";
    }
}
