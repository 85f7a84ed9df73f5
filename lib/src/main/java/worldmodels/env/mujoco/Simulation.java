package worldmodels.env.mujoco;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import worldmodels.run.KitException;

/**
 * A MuJoCo model and the state of its simulation, {@code mjModel} and {@code mjData} of MuJoCo 2.2.2 (double precision; metres, kilograms,
 * seconds, radians). Each simulation has a model of its own, so that a task may write into it.
 *
 * <p>State and results are views of the library's memory, row-major float64: what {@link #qpos} and the others return is read and written
 * in place and follows the simulation. A view of a closed simulation throws {@link IllegalStateException}.
 *
 * <p>A step that raises a warning of the library (a state that is not finite or huge, too many contacts) throws {@link KitException}: the library
 * by itself would put the model back to its initial state and go on. After that only {@link #reset} or {@link #restore} makes the
 * simulation usable.
 *
 * @implNote Not safe for use by two threads at once, but not bound to a thread. {@link #close} frees the memory, some 23 MB with a sky of
 *           800 x 800 pixels; a simulation that nobody closed is freed when the collector finds it.
 */
public final class Simulation implements AutoCloseable {

    /** Kinds of named parts of a model. */
    public enum Part {
        BODY(1), JOINT(3), GEOM(5), SITE(6), CAMERA(7), ACTUATOR(18), SENSOR(19);

        private final int code;

        Part(int code) {
            this.code = code;
        }
    }

    /** Frees what nobody closed. */
    static final Cleaner CLEANER = Cleaner.create();

    private static final String FILE = "model.xml";
    private static final int MESSAGE_BYTES = 1000;
    private static final long NUMBERS_OF_WARNINGS = 0xFFFF_FFFF_0000_0000L;

    private final Owned owned;
    private final Cleaner.Cleanable cleanable;
    private final MemorySegment model;
    private final MemorySegment data;
    private final boolean rungeKutta;
    private final int nq;
    private final int nv;
    private final int nu;
    private final MemorySegment qpos;
    private final MemorySegment qvel;
    private final MemorySegment act;
    private final MemorySegment warmstart;
    private final MemorySegment ctrl;
    private final MemorySegment sensordata;
    private final MemorySegment xpos;
    private final MemorySegment xmat;
    private final MemorySegment geomXpos;
    private final MemorySegment siteXpos;
    private final MemorySegment dense;

    private Simulation(long modelAddress, long dataAddress) {
        owned = new Owned(modelAddress, dataAddress, Arena.ofShared());
        cleanable = CLEANER.register(this, owned);
        model = owned.view(modelAddress, Layout.MODEL_BYTES);
        data = owned.view(dataAddress, Layout.DATA_BYTES);
        rungeKutta = Layout.integer(model, Layout.INTEGRATOR) == Layout.RUNGE_KUTTA;
        nq = Layout.integer(model, Layout.NQ);
        nv = Layout.integer(model, Layout.NV);
        nu = Layout.integer(model, Layout.NU);
        qpos = array(data, Layout.QPOS, nq);
        qvel = array(data, Layout.QVEL, nv);
        act = array(data, Layout.ACT, Layout.integer(model, Layout.NA));
        warmstart = array(data, Layout.QACC_WARMSTART, nv);
        ctrl = array(data, Layout.CTRL, nu);
        sensordata = array(data, Layout.SENSORDATA, Layout.integer(model, Layout.NSENSORDATA));
        xpos = array(data, Layout.XPOS, 3L * Layout.integer(model, Layout.NBODY));
        xmat = array(data, Layout.XMAT, 9L * Layout.integer(model, Layout.NBODY));
        geomXpos = array(data, Layout.GEOM_XPOS, 3L * Layout.integer(model, Layout.NGEOM));
        siteXpos = array(data, Layout.SITE_XPOS, 3L * Layout.integer(model, Layout.NSITE));
        dense = owned.arena().allocate(Math.max(1, (long) nv * nv) * Double.BYTES, Double.BYTES);
    }

    /** A model without included files; see {@link #fromXml(String, Map)}. */
    public static Simulation fromXml(String xml) {
        return fromXml(xml, Map.of());
    }

    /**
     * @param xml      the model in MuJoCo's XML format (MJCF)
     * @param included what its {@code <include file="..."/>} elements name, by file name
     * @throws KitException if the library is not on this machine, if it refuses the model or warns of it, or if the model makes the solver's stack
     *                      smaller than the library would, because a stack that overflows while stepping cannot be caught
     */
    public static Simulation fromXml(String xml, Map<String, String> included) {
        Native.require();
        return Guard.call("MuJoCo could not make this model", () -> load(xml, included));
    }

    private static Simulation load(String xml, Map<String, String> included) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment files = arena.allocate(Layout.VFS_BYTES, Long.BYTES);
            Native.DEFAULT_VFS.invokeExact(files);
            MemorySegment message = arena.allocate(MESSAGE_BYTES);
            long model;
            try {
                put(files, FILE, xml, arena);
                for (Map.Entry<String, String> file : included.entrySet()) {
                    put(files, file.getKey(), file.getValue(), arena);
                }
                model = (long) Native.LOAD_XML.invokeExact(arena.allocateFrom(FILE), files, message, MESSAGE_BYTES);
            } finally {
                Native.DELETE_VFS.invokeExact(files);
            }
            String said = message.getString(0).strip().replaceAll("\\s+", " ");
            if (model == 0) {
                throw new KitException("MuJoCo refuses this model: " + said + "; mend the XML.");
            }
            Native.takeWarning();
            return simulate(model, said);
        } catch (RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw Native.unexpected(e);
        }
    }

    private static Simulation simulate(long model, String said) throws Throwable {
        String problem = said.isEmpty() ? tooSmallStack(model) : "MuJoCo warns of this model: " + said + "; mend the XML.";
        long data = problem == null ? (long) Native.MAKE_DATA.invokeExact(model) : 0;
        if (data == 0) {
            Native.DELETE_MODEL.invokeExact(model);
            throw new KitException(problem == null ? "There is no memory for the simulation of this model; close others or use a smaller one." : problem);
        }
        return new Simulation(model, data);
    }

    /** The library's own rule for the size of its stack, below which a step might overflow it. */
    private static String tooSmallStack(long address) {
        MemorySegment model = MemorySegment.ofAddress(address).reinterpret(Layout.MODEL_BYTES);
        long constraints = sum(model, Layout.NJMAX, Layout.NEQ, Layout.NV);
        long parts = sum(model, Layout.NQ, Layout.NV, Layout.NU, Layout.NA, Layout.NBODY, Layout.NJNT, Layout.NGEOM, Layout.NSITE, Layout.NEQ,
                Layout.NTENDON, Layout.NWRAP);
        long needed = Math.max(1000, 5 * constraints * constraints + 20 * parts);
        int has = Layout.integer(model, Layout.NSTACK);
        return has >= needed ? null : "The model's stack of " + has + " numbers may overflow, which MuJoCo does not survive; leave nstack out of "
                + "its <size> or make it at least " + needed + ".";
    }

    private static long sum(MemorySegment model, long... offsets) {
        long sum = 0;
        for (long offset : offsets) {
            sum += Layout.integer(model, offset);
        }
        return sum;
    }

    private static void put(MemorySegment files, String name, String text, Arena arena) throws Throwable {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length == 0) {
            throw new KitException("The model's file " + name + " is empty; give MuJoCo an XML text.");
        }
        MemorySegment key = arena.allocateFrom(name);
        int status = (int) Native.MAKE_EMPTY_FILE.invokeExact(files, key, bytes.length);
        if (status != 0) {
            throw new KitException("The model's file " + name + " (" + bytes.length + " bytes) cannot be given to MuJoCo; shorten its name.");
        }
        int index = (int) Native.FIND_FILE.invokeExact(files, key);
        MemorySegment content = files.get(ADDRESS, Layout.VFS_FILE_DATA + index * ADDRESS.byteSize()).reinterpret(bytes.length);
        MemorySegment.copy(bytes, 0, content, JAVA_BYTE, 0, bytes.length);
    }

    /** Number of generalised coordinates, the length of {@link #qpos}. */
    public int nq() {
        return nq;
    }

    /** Number of actuators, the length of {@link #ctrl}. */
    public int nu() {
        return nu;
    }

    /** Generalised coordinates (nq). */
    public MemorySegment qpos() {
        return qpos;
    }

    /** Generalised velocities (nv). */
    public MemorySegment qvel() {
        return qvel;
    }

    /** Controls (nu); the library clamps them to their ranges when it computes forces. */
    public MemorySegment ctrl() {
        return ctrl;
    }

    /** All sensors' values, in the model's order. */
    public MemorySegment sensordata() {
        return sensordata;
    }

    /** Positions of the bodies' frames (bodies, 3). */
    public MemorySegment xpos() {
        return xpos;
    }

    /** Orientations of the bodies' frames (bodies, 3, 3). */
    public MemorySegment xmat() {
        return xmat;
    }

    /** Positions of the geoms (geoms, 3). */
    public MemorySegment geomXpos() {
        return geomXpos;
    }

    /** Positions of the sites (sites, 3). */
    public MemorySegment siteXpos() {
        return siteXpos;
    }

    /** Positions of the bodies' centres of mass (bodies, 3). */
    public MemorySegment xipos() {
        return array(data, Layout.XIPOS, 3L * Layout.integer(model, Layout.NBODY));
    }

    /** Orientations of the bodies' principal axes of inertia (bodies, 3, 3). */
    public MemorySegment ximat() {
        return array(data, Layout.XIMAT, 9L * Layout.integer(model, Layout.NBODY));
    }

    /** Points on the joints' axes (joints, 3). */
    public MemorySegment jointAnchors() {
        return array(data, Layout.XANCHOR, 3L * Layout.integer(model, Layout.NJNT));
    }

    /** Directions of the joints' axes (joints, 3). */
    public MemorySegment jointAxes() {
        return array(data, Layout.XAXIS, 3L * Layout.integer(model, Layout.NJNT));
    }

    /** Generalised forces that keep every acceleration zero (nv): against gravity, Coriolis and centrifugal forces. */
    public MemorySegment bias() {
        return array(data, Layout.QFRC_BIAS, nv);
    }

    /** Writes the mass matrix of the last forward pass or {@link #step1} (nv, nv), both triangles. */
    public void massMatrix(double[] target) {
        long modelAddress = owned.model();
        try {
            Native.FULL_M.invokeExact(modelAddress, dense, data.get(JAVA_LONG, Layout.QM));
        } catch (Throwable e) {
            throw Native.unexpected(e);
        } finally {
            Reference.reachabilityFence(this);
        }
        MemorySegment.copy(dense, JAVA_DOUBLE, 0, target, 0, nv * nv);
    }

    /** The contacts that the last forward pass or step found. */
    public Contacts contactPoints() {
        return new Contacts(this);
    }

    /** The model's positions of bodies in their parents (bodies, 3). */
    public MemorySegment bodyPos() {
        return array(model, Layout.BODY_POS, 3L * Layout.integer(model, Layout.NBODY));
    }

    /** The model's orientations of bodies in their parents (bodies, 4), w first. */
    public MemorySegment bodyQuat() {
        return array(model, Layout.BODY_QUAT, 4L * Layout.integer(model, Layout.NBODY));
    }

    /** The model's masses (bodies), kg. */
    public MemorySegment bodyMass() {
        return array(model, Layout.BODY_MASS, Layout.integer(model, Layout.NBODY));
    }

    /** The model's principal moments of inertia (bodies, 3), kg m^2. */
    public MemorySegment bodyInertia() {
        return array(model, Layout.BODY_INERTIA, 3L * Layout.integer(model, Layout.NBODY));
    }

    /** The model's friction of geoms (geoms, 3): sliding, spinning, rolling. */
    public MemorySegment geomFriction() {
        return array(model, Layout.GEOM_FRICTION, 3L * Layout.integer(model, Layout.NGEOM));
    }

    /** The model's positions of sites in their bodies (sites, 3); to be written before a {@link #forward}. */
    public MemorySegment sitePos() {
        return array(model, Layout.SITE_POS, 3L * Layout.integer(model, Layout.NSITE));
    }

    /** The model's positions of geoms in their bodies (geoms, 3); to be written before a {@link #forward}. */
    public MemorySegment geomPos() {
        return array(model, Layout.GEOM_POS, 3L * Layout.integer(model, Layout.NGEOM));
    }

    /** The model's ranges of joints (joints, 2). */
    public MemorySegment jointRanges() {
        return array(model, Layout.JNT_RANGE, 2L * Layout.integer(model, Layout.NJNT));
    }

    /** Simulated seconds. */
    public double time() {
        return data.get(JAVA_DOUBLE, Layout.TIME);
    }

    /** Puts the clock to a time. */
    public void time(double seconds) {
        data.set(JAVA_DOUBLE, Layout.TIME, seconds);
    }

    /** Seconds of one physics step. */
    public double timestep() {
        return model.get(JAVA_DOUBLE, Layout.TIMESTEP);
    }

    /** Number of contacts that the last forward pass or step found. */
    public int contacts() {
        return Layout.integer(data, Layout.NCON);
    }

    /** How many warnings of each of the library's 8 kinds there were since the last reset. */
    public int[] warnings() {
        int[] numbers = new int[Layout.WARNINGS];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = Layout.integer(data, Layout.WARNING + i * Layout.WARNING_BYTES + Layout.WARNING_NUMBER);
        }
        return numbers;
    }

    /**
     * The index of a named part, e.g. of a body in {@link #xpos}.
     *
     * @throws KitException if the model has no such part
     */
    public int id(Part part, String name) {
        try (Arena arena = Arena.ofConfined()) {
            int id = (int) Native.NAME_TO_ID.invokeExact(owned.model(), part.code, arena.allocateFrom(name));
            if (id < 0) {
                throw new KitException("The model has no " + part.name().toLowerCase(Locale.ROOT) + " named " + name + ".");
            }
            return id;
        } catch (RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw Native.unexpected(e);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** Back to the model's initial state ({@code mj_resetData}); derived quantities need a {@link #forward}. */
    public void reset() {
        long modelAddress = owned.model();
        try {
            Native.RESET_DATA.invokeExact(modelAddress, owned.data);
        } catch (Throwable e) {
            throw Native.unexpected(e);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** Everything that follows from state and control, without advancing time ({@code mj_forward}). */
    public void forward() {
        long modelAddress = owned.model();
        try {
            Native.FORWARD.invokeExact(modelAddress, owned.data);
        } catch (Throwable e) {
            throw Native.unexpected(e);
        } finally {
            Reference.reachabilityFence(this);
        }
        refuseWarnings();
    }

    /** {@link #forward} with actuators that exert no force. */
    public void forwardWithoutActuation() {
        int flags = Layout.integer(model, Layout.DISABLE_FLAGS);
        model.set(JAVA_INT, Layout.DISABLE_FLAGS, flags | Layout.WITHOUT_ACTUATION);
        try {
            forward();
        } finally {
            model.set(JAVA_INT, Layout.DISABLE_FLAGS, flags);
        }
    }

    /** One physics step ({@code mj_step}); positions of bodies, geoms and sites, and sensors stay those of its beginning. */
    public void step() {
        long modelAddress = owned.model();
        try {
            Native.STEP.invokeExact(modelAddress, owned.data);
        } catch (Throwable e) {
            throw Native.unexpected(e);
        } finally {
            Reference.reachabilityFence(this);
        }
        refuseWarnings();
    }

    /** What depends on positions and velocities ({@code mj_step1}). */
    public void step1() {
        long modelAddress = owned.model();
        try {
            Native.STEP_1.invokeExact(modelAddress, owned.data);
        } catch (Throwable e) {
            throw Native.unexpected(e);
        } finally {
            Reference.reachabilityFence(this);
        }
        refuseWarnings();
    }

    /** What depends on the controls, and the integration in time ({@code mj_step2}, Euler's method). */
    public void step2() {
        long modelAddress = owned.model();
        try {
            Native.STEP_2.invokeExact(modelAddress, owned.data);
        } catch (Throwable e) {
            throw Native.unexpected(e);
        } finally {
            Reference.reachabilityFence(this);
        }
        refuseWarnings();
    }

    /**
     * Physics steps under one control, after which everything derived belongs to the new state. With Euler's method {@code mj_step2},
     * {@code mj_step} for all but the first, {@code mj_step1}; with Runge-Kutta's {@code mj_step} for all, {@code mj_step1} (the order of dm_control's
     * {@code Physics.step}). Sensors of accelerations and forces are those of the last physics step.
     *
     * @param count of physics steps, at least 1
     */
    public void advance(int count) {
        if (rungeKutta) {
            step();
        } else {
            step2();
        }
        for (int i = 1; i < count; i++) {
            step();
        }
        step1();
    }

    /** @return everything that the simulation's future depends on, and the sensors' values */
    public SimulationState save() {
        return new SimulationState(time(), qpos.toArray(JAVA_DOUBLE), qvel.toArray(JAVA_DOUBLE), act.toArray(JAVA_DOUBLE),
                warmstart.toArray(JAVA_DOUBLE), ctrl.toArray(JAVA_DOUBLE), sensordata.toArray(JAVA_DOUBLE));
    }

    /**
     * Continues from a state as if it had been reached here: the steps that follow give the same numbers to the last bit.
     *
     * @throws KitException if the state is of another model, or not finite
     */
    public void restore(SimulationState state) {
        if (state.qpos().length != nq || state.qvel().length != nv || state.ctrl().length != nu) {
            throw new KitException("A state with " + state.qpos().length + " coordinates and " + state.ctrl().length
                    + " controls does not belong to this model with " + nq + " and " + nu + "; restore what a simulation of the same model saved.");
        }
        data.asSlice(Layout.WARNING, Layout.WARNINGS * Layout.WARNING_BYTES).fill((byte) 0);
        time(state.time());
        copy(state.qpos(), qpos);
        copy(state.qvel(), qvel);
        copy(state.act(), act);
        copy(state.warmstart(), warmstart);
        copy(state.ctrl(), ctrl);
        step1();
        copy(state.sensordata(), sensordata);
    }

    private static void copy(double[] from, MemorySegment to) {
        MemorySegment.copy(from, 0, to, JAVA_DOUBLE, 0, from.length);
    }

    /** Counters begin at 0 with every reset, and any that has grown fails the step. */
    private void refuseWarnings() {
        long any = 0;
        for (int i = 0; i < Layout.WARNINGS; i++) {
            any |= data.get(JAVA_LONG, Layout.WARNING + i * Layout.WARNING_BYTES);
        }
        if ((any & NUMBERS_OF_WARNINGS) != 0) {
            throw warned();
        }
    }

    private KitException warned() {
        String text = Native.takeWarning();
        return new KitException("The simulation has diverged or exceeds the model's limits"
                + (text == null ? "" : " (MuJoCo says: " + text.replaceAll("\\s+", " ").replaceFirst("\\.$", "") + ")")
                + "; reset it, and look at the actions or the state that were given to it.");
    }

    MemorySegment model() {
        return model;
    }

    MemorySegment data() {
        return data;
    }

    /** What lies at an address of the library's that belongs to this simulation. */
    MemorySegment view(long address, long bytes) {
        return owned.view(address, bytes);
    }

    long modelAddress() {
        return owned.model();
    }

    long dataAddress() {
        owned.model();
        return owned.data;
    }

    private MemorySegment array(MemorySegment struct, long offset, long count) {
        return owned.view(struct.get(JAVA_LONG, offset), count * Double.BYTES);
    }

    /** Frees the native memory; may be called more than once. */
    @Override
    public void close() {
        cleanable.clean();
    }

    /** The native memory, which must not know the simulation so that the collector can find that unused. */
    private record Owned(long modelAddress, long data, Arena arena) implements Runnable {

        /** @throws IllegalStateException if it has been freed */
        long model() {
            if (!arena.scope().isAlive()) {
                throw new IllegalStateException("This simulation has been closed; make a new one.");
            }
            return modelAddress;
        }

        MemorySegment view(long address, long bytes) {
            return MemorySegment.ofAddress(bytes == 0 ? 0 : address).reinterpret(bytes, arena, null);
        }

        @Override
        public void run() {
            arena.close();
            try {
                Native.DELETE_DATA.invokeExact(data);
                Native.DELETE_MODEL.invokeExact(modelAddress);
            } catch (Throwable e) {
                throw Native.unexpected(e);
            }
        }
    }
}
