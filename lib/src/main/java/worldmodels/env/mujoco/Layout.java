package worldmodels.env.mujoco;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/**
 * Where libmujoco 2.2.2 on x86-64 keeps what this package reads and writes: offsets and sizes in bytes, and the constants of its headers
 * that are passed to it. They are {@code offsetof} and {@code sizeof} of the headers in Debian's {@code libmujoco-dev} 2.2.2-3; another
 * version has others, which is why {@link Native} refuses one.
 */
final class Layout {

    /** Of {@code mjModel}; the sizes are ints, the arrays pointers. */
    static final long MODEL_BYTES = 3280;
    static final long NQ = 0;
    static final long NV = 4;
    static final long NU = 8;
    static final long NA = 12;
    static final long NBODY = 16;
    static final long NJNT = 20;
    static final long NGEOM = 24;
    static final long NSITE = 28;
    static final long NCAM = 32;
    static final long NEQ = 112;
    static final long NTENDON = 116;
    static final long NWRAP = 120;
    static final long NJMAX = 208;
    static final long NCONMAX = 212;
    static final long NSTACK = 216;
    static final long NSENSORDATA = 224;
    static final long TIMESTEP = 232;
    static final long INTEGRATOR = 432;
    static final long DISABLE_FLAGS = 464;
    static final long OFF_WIDTH = 496;
    static final long OFF_HEIGHT = 500;
    static final long BODY_POS = 1208;
    static final long BODY_QUAT = 1216;
    static final long BODY_MASS = 1240;
    static final long BODY_INERTIA = 1256;
    static final long JNT_RANGE = 1368;
    static final long GEOM_POS = 1608;
    static final long GEOM_FRICTION = 1624;
    static final long SITE_POS = 1720;

    /** Of {@code mjData}. */
    static final long DATA_BYTES = 41176;
    static final long WARNING = 24;
    static final long NCON = 40332;
    static final long TIME = 40336;
    static final long QPOS = 40376;
    static final long QVEL = 40384;
    static final long ACT = 40392;
    static final long QACC_WARMSTART = 40400;
    static final long CTRL = 40408;
    static final long SENSORDATA = 40472;
    static final long XPOS = 40480;
    static final long XMAT = 40496;
    static final long XIPOS = 40504;
    static final long XIMAT = 40512;
    static final long XANCHOR = 40520;
    static final long XAXIS = 40528;
    static final long GEOM_XPOS = 40536;
    static final long SITE_XPOS = 40552;
    static final long QM = 40720;
    static final long CONTACT = 40752;
    static final long QFRC_BIAS = 40976;

    /** Of {@code mjContact}. */
    static final long CONTACT_BYTES = 528;
    static final long CONTACT_DIST = 0;
    static final long CONTACT_POS = 8;
    static final long CONTACT_FRAME = 32;
    static final long CONTACT_GEOM_1 = 508;
    static final long CONTACT_GEOM_2 = 512;

    /** {@code mjData.warning}: two ints for each kind, the info of the last and how many there were. */
    static final int WARNINGS = 8;
    static final long WARNING_BYTES = 8;
    static final long WARNING_NUMBER = 4;

    /** {@code mjVFS}, files in memory, and its array of pointers to their contents. */
    static final long VFS_BYTES = 2_024_008;
    static final long VFS_FILE_DATA = 2_008_008;

    /** What pictures are made with. */
    static final long SCENE_BYTES = 8656;
    static final long CONTEXT_BYTES = 2304;
    static final long PERTURB_BYTES = 104;
    static final long CAMERA_BYTES = 64;
    static final long CAMERA_TYPE = 0;
    static final long CAMERA_FIXED_ID = 4;
    static final long OPTION_BYTES = 68;
    static final long OPTION_FLAGS = 44;
    static final StructLayout RECT = MemoryLayout.structLayout(ValueLayout.JAVA_INT.withName("left"), ValueLayout.JAVA_INT.withName("bottom"),
            ValueLayout.JAVA_INT.withName("width"), ValueLayout.JAVA_INT.withName("height"));

    /** {@code mjINT_RK4}, {@code mjDSBL_ACTUATION}, {@code mjCAMERA_FIXED}, {@code mjCAT_ALL} and so on. */
    static final int RUNGE_KUTTA = 1;
    static final int WITHOUT_ACTUATION = 1 << 10;
    static final int CAMERA_FIXED = 2;
    static final int RANGE_FINDERS = 8;
    static final int ALL_CATEGORIES = 7;
    static final int FONT_SCALE = 150;
    static final int OFF_SCREEN = 1;

    private Layout() {}

    static int integer(MemorySegment struct, long offset) {
        return struct.get(ValueLayout.JAVA_INT, offset);
    }
}
