package worldmodels.env.mujoco;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.List;
import worldmodels.run.KitException;

/** Mesa's off-screen library, which draws into memory that we give it (Debian's package {@code libosmesa6}). */
final class OsMesa extends OffscreenGl {

    private static final int RGBA = 0x1908;
    private static final int UNSIGNED_BYTE = 0x1401;
    private static final int DEPTH_BITS = 24;
    private static final int STENCIL_BITS = 8;

    private static final SymbolLookup LIBRARY = open(List.of("libOSMesa.so.8", "libOSMesa.so.6", "libOSMesa.so"));
    private static final MethodHandle CREATE = function("OSMesaCreateContextExt", ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle MAKE_CURRENT = function("OSMesaMakeCurrent", JAVA_BYTE, ADDRESS, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle DESTROY = function("OSMesaDestroyContext", null, ADDRESS);

    private final int width;
    private final int height;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment buffer;
    private final MemorySegment context;

    OsMesa(int width, int height) {
        this.width = width;
        this.height = height;
        buffer = arena.allocate(4L * width * height);
        try {
            context = (MemorySegment) CREATE.invokeExact(RGBA, DEPTH_BITS, STENCIL_BITS, 0, MemorySegment.NULL);
        } catch (Throwable e) {
            throw Native.unexpected(e);
        }
        if (context.address() == 0) {
            throw new KitException("OSMesa could not make a drawing context of " + width + " x " + height + " pixels; close other environments.");
        }
    }

    static String missing() {
        return LIBRARY == null ? missing("OSMesa", "libosmesa6") : null;
    }

    private static MethodHandle function(String name, MemoryLayout result, MemoryLayout... arguments) {
        return LIBRARY == null ? null : Native.function(linker(), LIBRARY, name, result, arguments);
    }

    @Override
    void makeCurrent() {
        makeCurrent(context, buffer, width, height);
    }

    @Override
    void release() {
        makeCurrent(MemorySegment.NULL, MemorySegment.NULL, 0, 0);
    }

    private static void makeCurrent(MemorySegment context, MemorySegment buffer, int width, int height) {
        byte done;
        try {
            done = (byte) MAKE_CURRENT.invokeExact(context, buffer, UNSIGNED_BYTE, width, height);
        } catch (Throwable e) {
            throw Native.unexpected(e);
        }
        if (done == 0) {
            throw new IllegalStateException("OSMesa could not make a drawing context current.");
        }
    }

    @Override
    void destroy() {
        try {
            DESTROY.invokeExact(context);
        } catch (Throwable e) {
            throw Native.unexpected(e);
        }
        arena.close();
    }
}
