package worldmodels.rl;

import worldmodels.run.Progress;

/** Interrupts the thread that learns when it is told of a step. */
record Interrupting(long step) implements Progress {

    @Override
    public void start(String work, long total, String unit) {}

    @Override
    public void at(long completed, String said) {
        if (completed == step) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void done(String said) {}
}
