package worldmodels.study.panda;

/**
 * What z tells of one coordinate by a linear probe, on episodes that V has not learned from.
 *
 * @param what  e.g. {@code hand x}
 * @param share R²
 * @param error root of the mean squared error, cm
 * @param mean  the same for the best guess without z, cm
 */
public record ReachProbe(String what, double share, double error, double mean) {}
