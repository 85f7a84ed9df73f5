package worldmodels.planet;

import worldmodels.run.Settings.Before;
import worldmodels.run.Settings.Section;

/**
 * What a model begins with, where Glorot's first values leave a choice.
 *
 * @param gateBias of the GRU's reset and update gates: at 1, as the authors' cell has it, h begins by remembering (a gate of 0.73); at 0 it forgets half of
 *                 itself with every step
 * @param joined   whether a layer of several inputs, whose matrix is kept in parts, begins as one matrix of all of them, as the authors' layers are; each part
 *                 by itself begins larger, a small one most of all
 */
@Section("planet")
public record FirstWeights(@Before("0") double gateBias, @Before("false") boolean joined) {

    /** Biases at zero, each matrix by itself. */
    public static final FirstWeights PLAIN = new FirstWeights(0, false);
}
