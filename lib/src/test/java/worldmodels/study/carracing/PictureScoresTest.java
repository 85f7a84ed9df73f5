package worldmodels.study.carracing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import worldmodels.evaluation.PictureQuality;
import worldmodels.evaluation.TorchScriptFeatures;
import worldmodels.nn.Compute;
import worldmodels.nn.TorchScriptFiles;
import worldmodels.run.Progress;
import worldmodels.vision.ConvVae;
import worldmodels.vision.Nvae;
import worldmodels.vision.VisionModel;
import worldmodels.vision.nvae.NvaeShape;

class PictureScoresTest {

    @TempDir
    Path folder;

    private static void stripes(long batch, ByteBuffer frames) {
        for (int i = 0; i < frames.capacity(); i++) {
            frames.put(i, (byte) (i / 3 % 64 / (2 + i / ConvVae.FRAME_BYTES + (int) batch) % 2 * 200));
        }
    }

    /** As an FID is measured with the Inception file, here with a network of three means. */
    @Test
    void theProtocolRunsWithAnyNetworkFromAFile() {
        Path file = TorchScriptFiles.write(folder.resolve("means.pt"), """
                def forward(self, x: Tensor) -> Tensor:
                  return torch.mean(x, [2, 3])
                """);
        try (NDManager manager = Compute.newManager(); TorchScriptFeatures features = new TorchScriptFeatures(file);
                VisionModel conv = new ConvVae(manager, 4, 1); VisionModel nvae = new Nvae(manager, new NvaeShape(4, 4, 1, 0, 0, 2, 1, 1, 2, false, 0, 0), 1)) {
            PictureScores flat = PictureScores.of(manager, conv, PictureScoresTest::stripes, 3, 4, features, 1, Progress.NONE);
            assertEquals("features of means.pt", flat.features());
            assertEquals(12, flat.frames());
            assertTrue(flat.reconstruction() > 0 && flat.sample() > 0, flat.toString());
            assertEquals(flat.quality(), flat.whole(), "there is nothing below z");
            assertTrue(flat.bits().isEmpty() && flat.bitsOfZ().isEmpty(), "a squared error is no likelihood");
            PictureScores deep = PictureScores.of(manager, nvae, PictureScoresTest::stripes, 3, 4, features, 1, Progress.NONE);
            assertTrue(deep.quality().psnr() != deep.whole().psnr(), "the group below z changes the picture");
        }
    }

    @Test
    void theMeanOfChainsIsThatOfEachMeasure() {
        PictureScores one = new PictureScores("f", 10, 1, 2, new PictureQuality(30, 0.9), new PictureQuality(32, 0.92), OptionalDouble.of(4), OptionalDouble.of(5));
        PictureScores other = new PictureScores("f", 20, 3, 4, new PictureQuality(34, 0.7), new PictureQuality(36, 0.94), OptionalDouble.of(6), OptionalDouble.empty());
        PictureScores mean = PictureScores.mean(List.of(one, other));
        assertEquals(30, mean.frames());
        assertEquals(2, mean.reconstruction());
        assertEquals(3, mean.sample());
        assertEquals(32, mean.quality().psnr());
        assertEquals(0.93, mean.whole().ssim(), 1e-12);
        assertEquals(5, mean.bits().getAsDouble());
        assertTrue(mean.bitsOfZ().isEmpty(), "not of all");
    }
}
