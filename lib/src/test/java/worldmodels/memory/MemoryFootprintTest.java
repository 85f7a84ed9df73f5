package worldmodels.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import worldmodels.nn.Compute;

/**
 * Native memory is freed step by step: resident memory does not grow over thousands of steps. Measured in a process of its own with a heap
 * that is whole from the start and a collector that takes no memory besides: with what tests before have left of the heap, and with the tables of the
 * usual collector, resident memory moves by more than the bound.
 */
class MemoryFootprintTest {

    private static final Path STATUS = Path.of("/proc/self/status");

    @Test
    void thousandsOfStepsLeaveNothingBehind(@TempDir Path folder) throws IOException, InterruptedException {
        assumeTrue(Files.exists(STATUS), "resident memory is read from /proc");
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + System.getProperty("kit.root") + "/environment/jvm.options", "-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch",
                "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"), MemoryFootprintTest.class.getName(), folder.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertEquals(0, process.waitFor(), said);
        long growth = Long.parseLong(said);
        // One array of a step that stays (64 x 256 floats, 64 kB) would be 128 MB by now, one of a training step at least 43 MB. The first
        // 1500 steps are compiled while they run, which takes 10 to 14 MB once, at any one of them; after that it moves by 2 MB at most.
        assertTrue(growth < 16_000, "resident memory grew by " + growth + " kB");
    }

    /** Prints by how many kB two thousand steps after the first two thousand made this process grow. */
    public static void main(String[] arguments) throws IOException {
        Compute.useThreads(1);
        MdnRnnShape shape = new MdnRnnShape(32, 3, 256, 5, true, true);
        float[] numbers = new float[6 * 32];
        LatentEpisode episode = new LatentEpisode(32, numbers, numbers, new float[18], new float[6], true);
        MdnRnnSettings settings = new MdnRnnSettings(64, 5, 1_000_000, 1e-4f, 1, 1, 1, 1);
        try (NDManager manager = Compute.newManager(); MdnRnn model = new MdnRnn(manager, shape, 1);
                MdnRnnLearner learner = new MdnRnnLearner(model, Collections.nCopies(64, episode), List.of(), settings)) {
            MemoryState state = model.initial(64);
            float[] z = new float[64 * 32];
            double[] action = new double[64 * 3];
            long before = 0;
            for (int step = 0; step < 4_000; step++) {
                state.advance(z, action);
                model.predict(state);
                state.forget(step % 64);
                if (step % 3 == 0) {
                    learner.update(step / 3);
                    learner.validationLoss();
                }
                if (step == 2_000) {
                    before = residentKilobytes();
                }
            }
            System.out.println(residentKilobytes() - before);
        }
    }

    private static long residentKilobytes() throws IOException {
        System.gc();
        return Files.readAllLines(STATUS).stream().filter(line -> line.startsWith("VmRSS:")).findFirst()
                .map(line -> Long.parseLong(line.replaceAll("\\D", ""))).orElseThrow();
    }
}
