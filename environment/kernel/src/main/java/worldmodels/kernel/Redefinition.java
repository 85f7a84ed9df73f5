package worldmodels.kernel;

import java.lang.instrument.ClassDefinition;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;

/**
 * Changes a loaded class where it stands, so that an edited method or class of a cell keeps the objects and variables that use it. The JVM
 * lends this to an agent only; it takes new method bodies, and refuses other members, another superclass and the like.
 */
public final class Redefinition {

    private static volatile Instrumentation jvm;

    private Redefinition() {}

    /** Called by the JVM ({@code -javaagent}) before the kernel starts. */
    public static void premain(String options, Instrumentation lent) {
        jvm = lent;
    }

    /** @return whether all of the classes are now as given; if not, none is */
    static boolean redefine(ClassDefinition... classes) {
        try {
            if (jvm != null) {
                jvm.redefineClasses(classes);
                return true;
            }
        } catch (UnsupportedOperationException | UnmodifiableClassException | ClassNotFoundException | LinkageError e) {
            // The new one differs in more than the bodies of its methods.
        }
        return false;
    }
}
