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

/** Native memory is freed step by step: resident memory does not grow over thousands of steps. */
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
            for (int step = 0; step < 3_000; step++) {
                state.advance(z, action);
                model.predict(state);
                state.forget(step % 64);
                if (step % 3 == 0) {
                    training.advance();
                    training.validationLoss();
                }
                if (step == 1_000) {
                    before = residentKilobytes();
                }
            }
            long growth = residentKilobytes() - before;
            // One array of a step that stays (64 x 64 floats, 16 kB) would be 32 MB by now; one of a training step more.
            assertTrue(growth < 16_000, "resident memory grew by " + growth + " kB");
        }
    }

    private static long residentKilobytes() throws IOException {
        System.gc();
        return Files.readAllLines(STATUS).stream().filter(line -> line.startsWith("VmRSS:")).findFirst()
                .map(line -> Long.parseLong(line.replaceAll("\\D", ""))).orElseThrow();
    }
}
