package io.github.spencerpark.ijava.runtime;

import io.github.spencerpark.ijava.IJava;
import worldmodels.kernel.JavaKernel;

/** IJava's cell API: the kernel itself. Statically imported into every cell. */
public final class Kernel {

    private Kernel() {}

    /** @return the running kernel, or null outside one */
    public static JavaKernel getKernelInstance() {
        return IJava.getKernelInstance();
    }

    /** @return the value of a piece of Java source evaluated in the notebook's session, or null if it has none */
    public static Object eval(String source) throws Exception {
        return running().evalRaw(source);
    }

    static JavaKernel running() {
        JavaKernel kernel = getKernelInstance();
        if (kernel == null) {
            throw new IllegalStateException("No Java kernel is running; this call works inside a notebook only.");
        }
        return kernel;
    }
}
