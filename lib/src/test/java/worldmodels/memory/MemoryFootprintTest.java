package worldmodels.memory;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import worldmodels.nn.Compute;

/**
 * Native memory is freed step by step: resident memory does not go on growing over thousands of steps. What stays of a step makes it grow in
 * every stretch; the heap, which other tests have left small, may grow in one.
 */
class MemoryFootprintTest {

    private static final Path STATUS = Path.of("/proc/self/status");

    @TempDir
    Path folder;

    @Test
    void thousandsOfStepsLeaveNothingBehind() throws IOException {
        assumeTrue(Files.exists(STATUS), "resident memory is read from /proc");
        Compute.useThreads(1);
        MdnRnnShape shape = new MdnRnnShape(32, 3, 64, 5, true, true);
        float[] numbers = new float[6 * 32];
        LatentEpisode episode = new LatentEpisode(32, numbers, numbers, new float[18], new float[6], true);
        MdnRnnSettings settings = new MdnRnnSettings(64, 5, 1_000_000, 1e-4f, 1, 1, 1, 1);
        try (NDManager manager = Compute.newManager(); MdnRnn model = new MdnRnn(manager, shape, 1);
                MdnRnnTraining training = new MdnRnnTraining(model, Collections.nCopies(64, episode), List.of(), settings,
                        folder.resolve("m"))) {
            MemoryState state = model.initial(64);
            float[] z = new float[64 * 32];
            double[] action = new double[64 * 3];
            long before = 0;
            long leastGrowth = Long.MAX_VALUE;
            for (int step = 0; step <= 4_000; step++) {
                state.advance(z, action);
                model.predict(state);
                state.forget(step % 64);
                if (step % 3 == 0) {
                    training.advance();
                    training.validationLoss();
                }
                if (step > 0 && step % 1_000 == 0) {
                    long now = residentKilobytes();
                    leastGrowth = step > 1_000 ? Math.min(leastGrowth, now - before) : leastGrowth;
                    before = now;
                }
            }
            // One array of a step that stays (64 x 64 floats, 16 kB) would be 16 MB in each thousand; one of a training step more.
            assertTrue(leastGrowth < 8_000, "resident memory grew by " + leastGrowth + " kB or more in each thousand steps");
        }
    }

    private static long residentKilobytes() throws IOException {
        System.gc();
        return Files.readAllLines(STATUS).stream().filter(line -> line.startsWith("VmRSS:")).findFirst()
                .map(line -> Long.parseLong(line.replaceAll("\\D", ""))).orElseThrow();
    }
}
