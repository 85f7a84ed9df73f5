package worldmodels.kernel;

import java.lang.reflect.Method;

/** Keeps a Ctrl-C in the terminal that started Jupyter from ending the kernel; Jupyter interrupts by message instead. */
final class Signals {

    private Signals() {}

    static void ignoreInterrupt() {
        // By reflection: the compiler warns of the class whatever the options say, and a JVM without it is no reason not to start.
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Method handle = signal.getMethod("handle", signal, handler);
            handle.invoke(null, signal.getConstructor(String.class).newInstance("INT"), handler.getField("SIG_IGN").get(null));
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            System.err.println("Ctrl-C in the terminal will end this kernel: " + e);
        }
    }
}
