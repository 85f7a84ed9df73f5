package io.github.spencerpark.jupyter.kernel;

import io.github.spencerpark.jupyter.channels.ShellReplyEnvironment;

/**
 * Opens the base library's display stream, which is closed outside its package: it knows one cell at a time and forgets it when that cell
 * ends, so that what a thread shows later would be lost, or land under another cell.
 */
public final class CellDisplays {

    private CellDisplays() {}

    /** From here on displays go there, also after the cell has ended. */
    public static void sendTo(JupyterIO io, ShellReplyEnvironment target) {
        io.display.setEnv(target);
    }
}
