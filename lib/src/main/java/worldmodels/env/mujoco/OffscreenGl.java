package worldmodels.env.mujoco;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.util.List;
import worldmodels.run.KitException;

/**
 * An OpenGL drawing context without a screen. The environment variable {@code WM_GL} chooses how it is made, once for the process: {@code osmesa}
 * (the default; Mesa's software renderer) or {@code egl}. Both draw the same bytes with the same Mesa.
 *
 * <p>A context is current on at most one thread at a time, and only while it draws, so that its owner may draw from any thread. With
 * {@code LP_NUM_THREADS=0} in the environment at the process' start (the launcher sets it) Mesa draws on the calling thread and starts none of
 * its own.
 */
public abstract sealed class OffscreenGl permits OsMesa, Egl {

    /** Names another file than Debian's library. */
    static final String LIBRARY_VARIABLE = "WM_GL_LIBRARY";
    private static final String VARIABLE = "WM_GL";

    /** The classes of the two ways hold their library's functions; only the one that is chosen is ever loaded. */
    private enum Way { OSMESA, EGL }

    /**
     * @return why no picture can be drawn on this machine, or null if they can
     */
    public static String problem() {
        if (Native.problem() != null) {
            return Native.problem();
        }
        try {
            return switch (way()) {
                case OSMESA -> OsMesa.missing();
                case EGL -> Egl.missing();
            };
        } catch (KitException e) {
            return e.getMessage();
        }
    }

    /** @throws KitException with what to install, if the OpenGL library is not on this machine */
    static OffscreenGl create(int width, int height) {
        String problem = problem();
        if (problem != null) {
            throw new KitException(problem);
        }
        return switch (way()) {
            case OSMESA -> new OsMesa(width, height);
            case EGL -> new Egl();
        };
    }

    private static Way way() {
        String chosen = System.getenv(VARIABLE);
        return switch (chosen == null ? "" : chosen) {
            case "", "osmesa" -> Way.OSMESA;
            case "egl" -> Way.EGL;
            default -> throw new KitException(VARIABLE + " is " + chosen + "; set it to osmesa or egl, or leave it out.");
        };
    }

    /** The first of the libraries that is there, or the one that the variable names; null if there is none. */
    static SymbolLookup open(List<String> names) {
        String chosen = System.getenv(LIBRARY_VARIABLE);
        for (String name : chosen == null ? names : List.of(chosen)) {
            try {
                return SymbolLookup.libraryLookup(name, Arena.global());
            } catch (IllegalArgumentException e) {
                // The next one may be there.
            }
        }
        return null;
    }

    /** @param remedy the Debian packages to install */
    static String missing(String what, String remedy) {
        String chosen = System.getenv(LIBRARY_VARIABLE);
        return "Pictures need " + what + ", which is not on this machine" + (chosen == null ? "" : " (no " + chosen + ", which " + LIBRARY_VARIABLE
                + " names)") + "; install it with: apt-get install " + remedy + ".";
    }

    static Linker linker() {
        return Linker.nativeLinker();
    }

    /** Makes the context current on this thread. */
    abstract void makeCurrent();

    /** Leaves this thread without a current context. */
    abstract void release();

    /** Ends the context, which is current nowhere. */
    abstract void destroy();
}
