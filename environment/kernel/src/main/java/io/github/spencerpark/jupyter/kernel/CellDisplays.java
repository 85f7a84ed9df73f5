package io.github.spencerpark.jupyter.kernel;

import io.github.spencerpark.jupyter.channels.ShellReplyEnvironment;

/** Opens the base library's streams, which are closed outside its package. */
public final class CellDisplays {

    private CellDisplays() {}

    /**
     * A cell begins.
     *
     * @param displays  where displays go, from here on and also after the cell has ended: the library would forget it then, and lose what a
     *                  thread shows later
     * @param cell      whom code that reads {@code System.in} asks
     * @param mayAsk    whether there is somebody to answer
     */
    public static void begin(JupyterIO io, ShellReplyEnvironment displays, ShellReplyEnvironment cell, boolean mayAsk) {
        io.setEnv(cell);
        io.display.setEnv(displays);
        io.setJupyterInEnabled(mayAsk);
    }

    /** The cell has ended: nobody answers any more. */
    public static void end(JupyterIO io, ShellReplyEnvironment cell) {
        io.retractEnv(cell);
    }
}
