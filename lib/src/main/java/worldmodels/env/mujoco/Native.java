package worldmodels.env.mujoco;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.locks.LockSupport;
import worldmodels.run.KitException;

/**
 * libmujoco's functions. Its pointers to a model and its data go in as numbers: a simulation is stepped a million times a second, and its
 * owner ({@link Simulation}) keeps them alive. Functions that are called often cannot fail in ways that the owner has not excluded; those that
 * can run under {@link Guard}.
 *
 * <p>The library's own way with an error is to print it, wait for a key and end the process, and with a warning to write MUJOCO_LOG.TXT.
 * Both are replaced. After an error the library must not go on, and Java must not throw through its frames, so the thread stops where
 * it is: under a guard the caller gets the exception.
 */
final class Native {

    /** Names another file than Debian's library. */
    static final String LIBRARY_VARIABLE = "WM_MUJOCO_LIBRARY";
    private static final String LIBRARY = "libmujoco.so.2.2.2";
    private static final int VERSION = 222;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final ThreadLocal<String> LAST_WARNING = new ThreadLocal<>();
    private static final SymbolLookup SYMBOLS;
    private static final String PROBLEM;

    static {
        SymbolLookup symbols = null;
        String problem = null;
        String chosen = System.getenv(LIBRARY_VARIABLE);
        try {
            symbols = SymbolLookup.libraryLookup(chosen == null ? LIBRARY : chosen, Arena.global());
            problem = problemWith(symbols);
        } catch (IllegalArgumentException e) {
            problem = "MuJoCo 2.2.2 is not on this machine (no " + (chosen == null ? LIBRARY : chosen + ", which " + LIBRARY_VARIABLE + " names")
                    + "); install it with: apt-get install libmujoco2.2.2.";
        }
        SYMBOLS = problem == null ? symbols : null;
        PROBLEM = problem;
        if (problem == null) {
            install("mju_user_error", "onError");
            install("mju_user_warning", "onWarning");
        }
    }

    static final MethodHandle DEFAULT_VFS = function("mj_defaultVFS", null, ADDRESS);
    static final MethodHandle MAKE_EMPTY_FILE = function("mj_makeEmptyFileVFS", JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
    static final MethodHandle FIND_FILE = function("mj_findFileVFS", JAVA_INT, ADDRESS, ADDRESS);
    static final MethodHandle DELETE_VFS = function("mj_deleteVFS", null, ADDRESS);
    static final MethodHandle LOAD_XML = function("mj_loadXML", JAVA_LONG, ADDRESS, ADDRESS, ADDRESS, JAVA_INT);
    static final MethodHandle DELETE_MODEL = function("mj_deleteModel", null, JAVA_LONG);
    static final MethodHandle MAKE_DATA = function("mj_makeData", JAVA_LONG, JAVA_LONG);
    static final MethodHandle DELETE_DATA = function("mj_deleteData", null, JAVA_LONG);
    static final MethodHandle NAME_TO_ID = function("mj_name2id", JAVA_INT, JAVA_LONG, JAVA_INT, ADDRESS);
    static final MethodHandle RESET_DATA = function("mj_resetData", null, JAVA_LONG, JAVA_LONG);
    static final MethodHandle FORWARD = function("mj_forward", null, JAVA_LONG, JAVA_LONG);
    static final MethodHandle STEP = function("mj_step", null, JAVA_LONG, JAVA_LONG);
    static final MethodHandle STEP_1 = function("mj_step1", null, JAVA_LONG, JAVA_LONG);
    static final MethodHandle STEP_2 = function("mj_step2", null, JAVA_LONG, JAVA_LONG);
    static final MethodHandle FULL_M = function("mj_fullM", null, JAVA_LONG, ADDRESS, JAVA_LONG);
    static final MethodHandle ERROR = function("mju_error", null, ADDRESS);

    static final MethodHandle DEFAULT_SCENE = function("mjv_defaultScene", null, ADDRESS);
    static final MethodHandle MAKE_SCENE = function("mjv_makeScene", null, JAVA_LONG, ADDRESS, JAVA_INT);
    static final MethodHandle FREE_SCENE = function("mjv_freeScene", null, ADDRESS);
    static final MethodHandle DEFAULT_OPTION = function("mjv_defaultOption", null, ADDRESS);
    static final MethodHandle DEFAULT_CAMERA = function("mjv_defaultCamera", null, ADDRESS);
    static final MethodHandle DEFAULT_PERTURB = function("mjv_defaultPerturb", null, ADDRESS);
    static final MethodHandle UPDATE_SCENE = function("mjv_updateScene", null, JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS, ADDRESS, JAVA_INT, ADDRESS);
    static final MethodHandle DEFAULT_CONTEXT = function("mjr_defaultContext", null, ADDRESS);
    static final MethodHandle MAKE_CONTEXT = function("mjr_makeContext", null, JAVA_LONG, ADDRESS, JAVA_INT);
    static final MethodHandle FREE_CONTEXT = function("mjr_freeContext", null, ADDRESS);
    static final MethodHandle SET_BUFFER = function("mjr_setBuffer", null, JAVA_INT, ADDRESS);
    static final MethodHandle RENDER = function("mjr_render", null, Layout.RECT, ADDRESS, ADDRESS);
    static final MethodHandle READ_PIXELS = function("mjr_readPixels", null, ADDRESS, ADDRESS, Layout.RECT, ADDRESS);

    private Native() {}

    /** @return why the library cannot be used, or null if it can */
    static String problem() {
        return PROBLEM;
    }

    /** @throws KitException with what to install, if the library cannot be used */
    static void require() {
        if (PROBLEM != null) {
            throw new KitException(PROBLEM);
        }
    }

    /** @return the last warning of the library on this thread, forgotten hereby; null if there was none */
    static String takeWarning() {
        String warning = LAST_WARNING.get();
        LAST_WARNING.remove();
        return warning;
    }

    /** What a downcall's {@code throws Throwable} stands for: nothing that happens. */
    static IllegalStateException unexpected(Throwable thrown) {
        return new IllegalStateException("A call of MuJoCo could not be made: " + thrown, thrown);
    }

    private static String problemWith(SymbolLookup symbols) {
        MemorySegment version = symbols.find("mj_version").orElse(null);
        int found = 0;
        if (version != null) {
            try {
                found = (int) LINKER.downcallHandle(version, FunctionDescriptor.of(JAVA_INT)).invokeExact();
            } catch (Throwable e) {
                throw unexpected(e);
            }
        }
        return found == VERSION ? null : "The kit needs MuJoCo 2.2.2, but the library found "
                + (version == null ? "is not MuJoCo" : "says that it is version " + found) + "; install Debian's with: apt-get install libmujoco2.2.2.";
    }

    private static MethodHandle function(String name, MemoryLayout result, MemoryLayout... arguments) {
        return PROBLEM != null ? null : function(LINKER, SYMBOLS, name, result, arguments);
    }

    /** A function of a C library. */
    static MethodHandle function(Linker linker, SymbolLookup symbols, String name, MemoryLayout result, MemoryLayout... arguments) {
        return linker.downcallHandle(symbols.findOrThrow(name),
                result == null ? FunctionDescriptor.ofVoid(arguments) : FunctionDescriptor.of(result, arguments));
    }

    private static void install(String variable, String handler) {
        try {
            MethodHandle java = MethodHandles.lookup().findStatic(Native.class, handler, MethodType.methodType(void.class, MemorySegment.class));
            MemorySegment stub = LINKER.upcallStub(java, FunctionDescriptor.ofVoid(ADDRESS), Arena.global());
            SYMBOLS.findOrThrow(variable).reinterpret(ADDRESS.byteSize()).set(ADDRESS, 0, stub);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Never returns, never throws. */
    @SuppressWarnings("unused")
    private static void onError(MemorySegment text) {
        try {
            Guard.failed(text(text));
        } catch (Throwable e) {
            // Nothing may leave here, whatever it is; the thread stops below.
        }
        while (true) {
            LockSupport.park();
        }
    }

    /** Never throws. The counters that the owner reads say that there was a warning; here is only its text. */
    @SuppressWarnings("unused")
    private static void onWarning(MemorySegment text) {
        try {
            LAST_WARNING.set(text(text));
        } catch (Throwable e) {
            // Without its text the warning still shows in the counters.
        }
    }

    private static String text(MemorySegment text) {
        return text.reinterpret(Long.MAX_VALUE).getString(0).strip();
    }
}
