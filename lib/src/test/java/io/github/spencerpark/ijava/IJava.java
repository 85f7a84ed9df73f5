package io.github.spencerpark.ijava;

import io.github.spencerpark.jupyter.kernel.BaseKernel;

/** Stands where a stock IJava has its main class; tests put a kernel in, or null for a process that is none. */
public final class IJava {

    private static BaseKernel kernel;

    private IJava() {}

    public static BaseKernel getKernelInstance() {
        return kernel;
    }

    public static void run(BaseKernel kernel) {
        IJava.kernel = kernel;
    }
}
