package worldmodels.vision;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import worldmodels.nn.Adamax;
import worldmodels.nn.Compute;
import worldmodels.nn.Gradients;
import worldmodels.nn.Noise;
import worldmodels.nn.Normal;
import worldmodels.nn.TorchOps;
import worldmodels.run.KitException;
import worldmodels.vision.nvae.Decoder;
import worldmodels.vision.nvae.NvaeShape;

class NvaeTest {

    private static final NvaeShape SMALL = new NvaeShape(6, 4, 1, 2, 0, 3, 1, 1, 2, false, 0, 0);

    private final NDManager manager = Compute.newManager();
    private final Nvae nvae = new Nvae(manager, SMALL, 1);

    @AfterEach
    void close() {
        nvae.close();
        manager.close();
    }

    /** A square at a place of its own on each picture. */
    private NDArray frames(int count) {
        byte[] bytes = new byte[count * 64 * 64 * 3];
        for (int i = 0; i < bytes.length; i++) {
            int picture = i / (64 * 64 * 3);
            int x = i / 3 % 64;
            int y = i / 3 / 64 % 64;
            boolean inside = x >= 8 * (picture % 7) && x < 8 * (picture % 7) + 16 && y >= 8 * (picture % 5) && y < 8 * (picture % 5) + 16;
            bytes[i] = (byte) (inside ? 220 : 60);
        }
        return manager.create(ByteBuffer.wrap(bytes), new Shape(count, 64, 64, 3), DataType.UINT8);
    }

    private Decoder.Noise noise(long seed) {
        return (group, shape) -> Noise.normal(manager, new Shape(shape), seed + group);
    }

    private NDArray seen(float... values) {
        return manager.create(values, new Shape(values.length, 1, 1, 1));
    }

    @Test
    void aPictureBecomesAFlatVectorAndAPictureAgain() {
        Normal posterior = nvae.encode(frames(3));
        assertEquals(new Shape(3, 6), posterior.mean().getShape());
        assertEquals(new Shape(3, 6), posterior.logVariance().getShape());
        NDArray picture = nvae.decode(posterior.mean());
        assertEquals(new Shape(3, 64, 64, 3), picture.getShape());
        for (float f : picture.toFloatArray()) {
            assertTrue(f >= 0 && f <= 1);
        }
    }

    @Test
    void fromTheTopVectorAloneTheRestIsThePriorsMeanOrASampleOfIt() {
        NDArray z = Noise.normal(manager, new Shape(2, 6), 3);
        float[] mean = nvae.decode(z).toFloatArray();
        assertArrayEquals(mean, nvae.decode(z).toFloatArray());
        assertArrayEquals(mean, nvae.imagine(z, noise(5), 0).toFloatArray(), 1e-6f);
        assertFalse(Arrays.equals(mean, nvae.imagine(z, noise(5), 1).toFloatArray()));
    }

    @Test
    void eachLevelChangesTheReconstructionAndNoneIsDecodingZ() {
        NDArray x = frames(2);
        float[] alone = nvae.reconstruct(x, 0).toFloatArray();
        assertArrayEquals(nvae.decode(nvae.encode(x).mean()).toFloatArray(), alone, 1e-6f);
        float[] above = alone;
        for (int groups = 1; groups <= 3; groups++) {
            float[] more = nvae.reconstruct(x, groups).toFloatArray();
            assertFalse(Arrays.equals(above, more), groups + " groups");
            above = more;
        }
    }

    @Test
    void aPictureWhoseLowerGroupsAreFilledInPaysNothingForThemAndIsDecodedFromZAlone() {
        NDArray x = frames(2);
        Nvae.Loss both = nvae.loss(x, manager.zeros(new Shape(2, 6)), noise(1), seen(1, 1), false);
        assertEquals(4, both.divergences().size(), "the top and three groups");
        both.divergences().forEach(divergence -> assertTrue(divergence.toFloatArray()[0] > 0));
        Nvae.Loss none = nvae.loss(x, manager.zeros(new Shape(2, 6)), noise(1), seen(0, 0), false);
        for (NDArray divergence : none.divergences().subList(1, 4)) {
            assertEquals(0, divergence.toFloatArray()[0]);
        }
        float[] alone = nvae.decode(nvae.encode(x).mean()).toFloatArray();
        float[] bytes = x.toType(DataType.FLOAT32, true).div(255).toFloatArray();
        double error = 0;
        for (int i = 0; i < alone.length; i++) {
            error += Math.pow(alone[i] - bytes[i], 2) / 2;
        }
        assertEquals(error, none.reconstruction().toFloatArray()[0], 1e-3 * error);
    }

    @Test
    void itLearnsAndEveryParameterTakesPart() {
        Learning learning = learn(nvae);
        assertTrue(learning.last() < learning.first() / 3, learning.toString());
    }

    @Test
    void withFlowsAndMixturesItLearnsToo() {
        try (Nvae rich = new Nvae(manager, new NvaeShape(6, 4, 1, 1, 0, 3, 1, 1, 2, false, 2, 2), 1)) {
            Learning learning = learn(rich);
            assertTrue(Bound.bits(learning.first()) > 8, learning + ", worse than saying nothing at first");
            assertTrue(Bound.bits(learning.last()) < 5, learning.toString());
            assertTrue(rich.bitsPerDimension(frames(2), 2, 1).getAsDouble() < 5);
            for (float f : rich.decode(rich.encode(frames(2)).mean()).toFloatArray()) {
                assertTrue(f >= 0 && f <= 1);
            }
        }
        assertTrue(nvae.bitsPerDimension(frames(2), 2, 1).isEmpty(), "a squared error is no likelihood");
    }

    @Test
    void readjustingMovesTheStatisticsOfACopyOnly() {
        nvae.loss(frames(4), manager.zeros(new Shape(4, 6)), noise(1), seen(1, 1, 1, 1), true);
        NDArray z = Noise.normal(manager, new Shape(2, 6), 3);
        float[] before = nvae.decode(z).toFloatArray();
        try (Nvae copy = nvae.readjusted(manager, 0.5f, 3, 4, 1); Nvae again = nvae.readjusted(manager, 0.5f, 3, 4, 1)) {
            assertArrayEquals(before, nvae.decode(z).toFloatArray());
            assertFalse(Arrays.equals(before, copy.decode(z).toFloatArray()));
            assertArrayEquals(copy.decode(z).toFloatArray(), again.decode(z).toFloatArray());
            assertArrayEquals(nvae.encode(frames(2)).mean().toFloatArray(), copy.encode(frames(2)).mean().toFloatArray());
        }
    }

    private record Learning(float first, float last) {}

    private Learning learn(Nvae nvae) {
        NDArray x = frames(8);
        float first = 0;
        float last = 0;
        try (Adamax adamax = new Adamax(nvae.parameters(), 0.01f, 1e-3f, 0)) {
            for (int step = 0; step < 60; step++) {
                try (NDManager scope = manager.newSubManager(); Gradients.Tape tape = Gradients.record()) {
                    NDArray batch = x.duplicate();
                    batch.attach(scope);
                    int s = step;
                    Decoder.Noise lower = (group, shape) -> Noise.normal(scope, new Shape(shape), 100L * s + group);
                    NDArray half = scope.create(new float[] {0, 1, 0, 1, 0, 1, 0, 1}, new Shape(8, 1, 1, 1));
                    Nvae.Loss loss = nvae.loss(batch, Noise.normal(scope, new Shape(8, 6), step), lower, half, true);
                    NDArray total = loss.reconstruction();
                    for (NDArray divergence : loss.divergences()) {
                        total = total.add(TorchOps.times(divergence, 0.01));
                    }
                    tape.backward(total);
                    if (step == 0) {
                        for (String name : nvae.parameters().names()) {
                            float size = nvae.parameters().array(name).getGradient().abs().max().toFloatArray()[0];
                            // A bias before a batch normalisation is subtracted again; rounding is what is left of it.
                            assertTrue(size > 0, "no gradient reaches " + name);
                        }
                    }
                    adamax.step();
                    last = loss.reconstruction().toFloatArray()[0];
                    first = step == 0 ? last : first;
                }
            }
        }
        return new Learning(first, last);
    }

    @Test
    void aSavedModelIsTheSameModelWithWhatItKept(@TempDir Path folder) {
        nvae.loss(frames(4), manager.zeros(new Shape(4, 6)), noise(1), seen(1, 1, 1, 1), true);
        Path file = folder.resolve("nvae.safetensors");
        nvae.save(file);
        try (Nvae read = (Nvae) VisionModels.load(manager, file)) {
            assertEquals(SMALL, read.shape());
            assertArrayEquals(nvae.encode(frames(2)).mean().toFloatArray(), read.encode(frames(2)).mean().toFloatArray());
        }
    }

    @Test
    void theWalkShowsTheGroupsThatThereAre() {
        Map<String, Shape> walk = new LinkedHashMap<>();
        nvae.walk(frames(2)).forEach((what, tensor) -> walk.put(what.replaceFirst("^step \\d+: ", ""), tensor.getShape()));
        assertEquals(new Shape(2, 4, 32, 32), walk.get("encoder's cells at 32 x 32"));
        assertEquals(new Shape(2, 32, 4, 4), walk.get("encoder's cells at 4 x 4"));
        assertEquals(new Shape(2, 6), walk.get("mean of z"));
        assertEquals(new Shape(2, 3, 8, 8), walk.get("latents of group 1 below z"));
        assertEquals(new Shape(2, 3, 16, 16), walk.get("latents of group 3 below z"));
        assertEquals(new Shape(2, 3, 64, 64), walk.get("what the decoder says of each pixel"));
    }

    @Test
    void shapesThatCannotBeAreRefusedBeforeAnythingIsMade() {
        for (Runnable wrong : List.<Runnable>of(() -> new NvaeShape(0, 4, 1, 1, 0, 3, 1, 1, 2, false, 0, 0),
                () -> new NvaeShape(6, 6, 1, 1, 0, 3, 1, 1, 2, false, 0, 0), () -> new NvaeShape(6, 4, -1, 1, 0, 3, 1, 1, 2, false, 0, 0))) {
            KitException e = assertThrows(KitException.class, wrong::run);
            assertTrue(e.getMessage().startsWith("NVAE"), e.getMessage());
        }
    }
}
