package worldmodels.study.carracing;

import java.util.Arrays;
import java.util.List;
import worldmodels.report.EightBits;
import worldmodels.report.Interactive;
import worldmodels.report.RgbFrame;
import worldmodels.report.Still;
import worldmodels.vision.VisionModel;

/** z of some frames, to be moved by hand: V's decoder stands in the page, with weights of 8 bits. */
public final class LatentSliders {

    /** z is about standard normal. */
    private static final double REACH = 3;

    private record Data(DecoderWeights decoder, int latent, double reach, int[] coordinates, List<String> frames) {}

    private LatentSliders() {}

    /**
     * @param frames     tell which numbers of z vary
     * @param beginnings how many of them, from the first, there are to begin from
     * @param sliders    how many of the numbers that vary most get one
     */
    public static Interactive of(VisionModel vision, List<RgbFrame> frames, int beginnings, int sliders) {
        float[][] z = VisionFigures.means(vision, frames);
        float[][] first = Arrays.copyOf(z, Math.min(beginnings, z.length));
        String picture = Still.filmstrip("decoded from z", VisionFigures.decoded(vision, first), 2);
        String title = "z, moved by hand";
        if (!DecoderWeights.fit(vision)) {
            return new Interactive(title, picture + "<div>To be moved by hand it needs a V whose decoder fits into a page, a ConvVAE.</div>", List.of(), List.of());
        }
        return new Interactive(title, picture, List.of("numbers.js", "decoder.js", "latent.js"), new Data(DecoderWeights.of(vision), vision.latentSize(), REACH,
                VisionFigures.mostVaried(z, Math.min(sliders, vision.latentSize())), Arrays.stream(first).map(EightBits::base64).toList()));
    }
}
