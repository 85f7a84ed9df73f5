package worldmodels.env.mujoco;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.List;
import worldmodels.run.KitException;

/**
 * A context without surface on EGL (Debian's packages {@code libegl1 libegl-mesa0 libgl1-mesa-dri}): Mesa's surfaceless platform, else the
 * default display. MuJoCo draws into buffers of its own in any case.
 */
final class Egl extends OffscreenGl {

    private static final int SURFACELESS = 0x31DD;
    private static final int OPENGL_API = 0x30A2;
    private static final int[] CONFIG = {
        0x3024, 8, 0x3023, 8, 0x3022, 8, 0x3021, 8, // red, green, blue, alpha
        0x3025, 24, 0x3026, 8, // depth, stencil
        0x3033, 0x0001, // surface: pixel buffer
        0x3040, 0x0008, // renderable: OpenGL
        0x3038}; // none

    private static final SymbolLookup LIBRARY = open(List.of("libEGL.so.1", "libEGL.so"));
    private static final MethodHandle PLATFORM_DISPLAY = function("eglGetPlatformDisplay", ADDRESS, JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle DEFAULT_DISPLAY = function("eglGetDisplay", ADDRESS, ADDRESS);
    private static final MethodHandle INITIALIZE = function("eglInitialize", JAVA_INT, ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle CHOOSE_CONFIG = function("eglChooseConfig", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_INT, ADDRESS);
    private static final MethodHandle BIND_API = function("eglBindAPI", JAVA_INT, JAVA_INT);
    private static final MethodHandle CREATE_CONTEXT = function("eglCreateContext", ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle MAKE_CURRENT = function("eglMakeCurrent", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle DESTROY_CONTEXT = function("eglDestroyContext", JAVA_INT, ADDRESS, ADDRESS);

    private static MemorySegment display;
    private static MemorySegment config;

    private final MemorySegment context;

    Egl() {
        open();
        try {
            bindApi();
            context = (MemorySegment) CREATE_CONTEXT.invokeExact(display, config, MemorySegment.NULL, MemorySegment.NULL);
        } catch (RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw Native.unexpected(e);
        }
        if (context.address() == 0) {
            throw new KitException("EGL could not make a drawing context; close other environments, or use OSMesa with WM_GL=osmesa.");
        }
    }

    static String missing() {
        return LIBRARY == null ? missing("EGL", "libegl1 libegl-mesa0 libgl1-mesa-dri") : null;
    }

    private static MethodHandle function(String name, MemoryLayout result, MemoryLayout... arguments) {
        return LIBRARY == null ? null : Native.function(linker(), LIBRARY, name, result, arguments);
    }

    /** The display of the process; it is never closed. */
    private static synchronized void open() {
        if (display != null) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment opened = (MemorySegment) PLATFORM_DISPLAY.invokeExact(SURFACELESS, MemorySegment.NULL, MemorySegment.NULL);
            if (!initialize(opened)) {
                opened = (MemorySegment) DEFAULT_DISPLAY.invokeExact(MemorySegment.NULL);
                if (!initialize(opened)) {
                    throw new KitException("EGL finds no display to draw with; install libgl1-mesa-dri, or use OSMesa with WM_GL=osmesa.");
                }
            }
            MemorySegment found = arena.allocate(ADDRESS);
            MemorySegment count = arena.allocate(JAVA_INT);
            int chosen = (int) CHOOSE_CONFIG.invokeExact(opened, arena.allocateFrom(JAVA_INT, CONFIG), found, 1, count);
            if (chosen == 0 || count.get(JAVA_INT, 0) < 1) {
                throw new KitException("EGL offers no OpenGL with 8-bit colours and 24-bit depth; use OSMesa with WM_GL=osmesa.");
            }
            config = found.get(ADDRESS, 0);
            display = opened;
        } catch (RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw Native.unexpected(e);
        }
    }

    private static boolean initialize(MemorySegment display) throws Throwable {
        return display.address() != 0 && (int) INITIALIZE.invokeExact(display, MemorySegment.NULL, MemorySegment.NULL) != 0;
    }

    /** EGL remembers the kind of OpenGL for each thread. */
    private static void bindApi() throws Throwable {
        if ((int) BIND_API.invokeExact(OPENGL_API) == 0) {
            throw new KitException("EGL here offers no OpenGL; install libgl1-mesa-dri, or use OSMesa with WM_GL=osmesa.");
        }
    }

    @Override
    void makeCurrent() {
        makeCurrent(context);
    }

    @Override
    void release() {
        makeCurrent(MemorySegment.NULL);
    }

    private static void makeCurrent(MemorySegment context) {
        try {
            bindApi();
            if ((int) MAKE_CURRENT.invokeExact(display, MemorySegment.NULL, MemorySegment.NULL, context) == 0) {
                throw new IllegalStateException("EGL could not make a drawing context current.");
            }
        } catch (RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw Native.unexpected(e);
        }
    }

    @Override
    void destroy() {
        try {
            int done = (int) DESTROY_CONTEXT.invokeExact(display, context);
            assert done != 0;
        } catch (Throwable e) {
            throw Native.unexpected(e);
        }
    }
}
