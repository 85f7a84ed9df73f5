package worldmodels.vision;

import worldmodels.nn.AuthorsVersion;
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
public record VisionSettings(@Key("authors") AuthorsVersion authors, @Least(1) int latent, @Least(1) int batch, Epochs epochs,
        @Above(0) float learningRate, @Least(0) float freeNats) {

    /** How often each picture is seen, in numbers: Ha and Schmidhuber's one epoch, ten in their code. */
    public int epochsInAll() {
        return epochs.orElse(authors.of(1, 10));
    }
}
