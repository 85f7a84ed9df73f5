package io.github.spencerpark.ijava;

import worldmodels.kernel.JavaKernel;
import worldmodels.kernel.Main;

/** The name under which notebooks and libraries look up a running IJava kernel; here it answers with this kit's. */
public final class IJava {

    private IJava() {}

    /** @return the running kernel, or null outside one */
    public static JavaKernel getKernelInstance() {
        return Main.kernel();
    }

    /** @param args the connection file that Jupyter wrote */
    public static void main(String[] args) throws Exception {
        Main.main(args);
    }
}
