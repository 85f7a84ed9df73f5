package worldmodels.vision;

import worldmodels.nn.Epochs;
import worldmodels.run.Settings.Above;
import worldmodels.run.Settings.Key;
import worldmodels.run.Settings.Least;
import worldmodels.run.Settings.Section;

/**
 * How a V of one posterior is trained: the ConvVAE, and one's own that names no settings of its own.
 *
 * @param authors      whom {@code epochs = authors} follows
 * @param latent       numbers in z
 * @param batch        pictures per step
 * @param epochs       how often each picture is seen
 * @param learningRate of Adam
 * @param freeNats     the divergence costs nothing below this many nats per latent
 */
@Section("vision")
public record VisionSettings(@Key("authors") Authors authors, @Least(1) int latent, @Least(1) int batch, Epochs epochs,
        @Above(0) float learningRate, @Least(0) float freeNats) {

    /** Ha and Schmidhuber train V for one epoch in their paper and for ten in their code. */
    public enum Authors {

        PAPER(1), CODE(10);

        private final int epochs;

        Authors(int epochs) {
            this.epochs = epochs;
        }
    }

    /** How often each picture is seen, in numbers. */
    public int epochsInAll() {
        return epochs.orElse(authors.epochs);
    }
}
