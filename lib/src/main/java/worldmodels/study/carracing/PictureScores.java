package worldmodels.study.carracing;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import worldmodels.evaluation.FeatureExtractor;
import worldmodels.evaluation.FeatureStatistics;
import worldmodels.evaluation.PictureQuality;
import worldmodels.nn.Gradients;
import worldmodels.nn.Noise;
import worldmodels.nn.Seeds;
import worldmodels.run.Progress;
import worldmodels.vision.FrameSource;
import worldmodels.vision.VisionModel;

/**
 * How good V's pictures are. Reference: the frames themselves. Reconstructions are decoded from the mean of z alone, samples from z ~ N(0, 1);
 * what a hierarchy has below z is filled in with the means of its priors.
 *
 * @param features       what the Fréchet distances are measured with
 * @param frames         how many pictures of each kind
 * @param reconstruction Fréchet distance of reconstructions from the frames
 * @param sample         Fréchet distance of samples from the frames
 * @param quality        PSNR and SSIM of reconstructions
 * @param whole          PSNR and SSIM of reconstructions from z and every group below it; the same where there is none
 * @param bits           an upper bound on the bits per dimension of the frames, every group of latents seen; none of a V that learned by squared error,
 *                       which is no likelihood
 * @param bitsOfZ        the same from z alone
 */
public record PictureScores(String features, long frames, double reconstruction, double sample, PictureQuality quality, PictureQuality whole,
        OptionalDouble bits, OptionalDouble bitsOfZ) {

    private static final int SIZE = 64;

    /**
     * @param source  frames that V has not learned from
     * @param batches how many batches of {@code size} of them, counted from 0
     */
    public static PictureScores of(NDManager manager, VisionModel vision, FrameSource source, int batches, int size, FeatureExtractor extractor,
            long seed, Progress progress) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(size * SIZE * SIZE * 3);
        FeatureStatistics.Batches frames = (scope, batch) -> {
            source.fill(batch, buffer.clear());
            return scope.create(buffer.clear(), new Shape(size, SIZE, SIZE, 3), DataType.UINT8);
        };
        double[] quality = new double[2];
        double[] whole = new double[2];
        FeatureStatistics.Batches reconstructions = (scope, batch) -> {
            NDArray seen = frames.batch(scope, batch);
            NDArray drawn = bytes(vision.decode(vision.encode(seen).mean()));
            PictureQuality of = PictureQuality.of(seen, drawn);
            quality[0] += of.psnr() / batches;
            quality[1] += of.ssim() / batches;
            PictureQuality every = PictureQuality.of(seen, bytes(vision.reconstruct(seen, vision.levels() - 1)));
            whole[0] += every.psnr() / batches;
            whole[1] += every.ssim() / batches;
            return drawn;
        };
        FeatureStatistics.Batches samples = (scope, batch) -> bytes(vision.decode(
                Noise.normal(scope, new Shape(size, vision.latentSize()), Seeds.named(seed, "picture samples", batch))));
        FeatureStatistics reference = FeatureStatistics.of(manager, extractor, frames, batches, progress);
        double reconstruction = FeatureStatistics.of(manager, extractor, reconstructions, batches, progress).frechetDistance(manager, reference);
        double sample = FeatureStatistics.of(manager, extractor, samples, batches, progress).frechetDistance(manager, reference);
        return new PictureScores(extractor.name(), (long) batches * size, reconstruction, sample, new PictureQuality(quality[0], quality[1]),
                new PictureQuality(whole[0], whole[1]), bits(manager, vision, frames, batches, vision.levels() - 1, seed),
                bits(manager, vision, frames, batches, 0, seed));
    }

    /** What several V of one kind come to on average, each on the frames of its own chain. */
    public static PictureScores mean(List<PictureScores> scores) {
        return new PictureScores(scores.getFirst().features, scores.stream().mapToLong(PictureScores::frames).sum(), mean(scores, PictureScores::reconstruction),
                mean(scores, PictureScores::sample), new PictureQuality(mean(scores, s -> s.quality.psnr()), mean(scores, s -> s.quality.ssim())),
                new PictureQuality(mean(scores, s -> s.whole.psnr()), mean(scores, s -> s.whole.ssim())), bits(scores, PictureScores::bits),
                bits(scores, PictureScores::bitsOfZ));
    }

    private static double mean(List<PictureScores> scores, ToDoubleFunction<PictureScores> of) {
        return scores.stream().mapToDouble(of).average().orElseThrow();
    }

    private static OptionalDouble bits(List<PictureScores> scores, Function<PictureScores, OptionalDouble> of) {
        return scores.stream().allMatch(s -> of.apply(s).isPresent()) ? OptionalDouble.of(mean(scores, s -> of.apply(s).getAsDouble())) : OptionalDouble.empty();
    }

    private static OptionalDouble bits(NDManager manager, VisionModel vision, FeatureStatistics.Batches frames, int batches, int below, long seed) {
        double sum = 0;
        for (int batch = 0; batch < batches; batch++) {
            try (NDManager scope = manager.newSubManager(); Gradients.Pause pause = Gradients.pause()) {
                OptionalDouble bits = vision.bitsPerDimension(frames.batch(scope, batch), below, Seeds.named(seed, "picture bits", batch));
                if (bits.isEmpty()) {
                    return bits;
                }
                sum += bits.getAsDouble() / batches;
            }
        }
        return OptionalDouble.of(sum);
    }

    private static NDArray bytes(NDArray pictures) {
        return pictures.mul(255).round().toType(DataType.UINT8, false);
    }
}
