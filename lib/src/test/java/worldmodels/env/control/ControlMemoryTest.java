package worldmodels.env.control;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import worldmodels.OtherJvm;
import worldmodels.env.mujoco.OffscreenGl;

/** Resident memory stays flat over steps, resets and pictures, over environments that are closed, and over those that nobody closes. */
class ControlMemoryTest {

    private static final Path STATUS = Path.of("/proc/self/status");

    @Test
    @Tag("slow")
    void nothingIsLeftBehind() throws IOException, InterruptedException {
        assumeTrue(OffscreenGl.problem() == null, OffscreenGl.problem());
        assumeTrue(Files.exists(STATUS), "resident memory is read from /proc");
        String said = OtherJvm.run(ControlMemoryTest.class, null, Map.of());
        String[] growth = said.split("\\s+");
        // One model is 12 MB, its data 11 MB, a drawing context some 40 MB; Mesa's and malloc's pools move by a few.
        assertTrue(Long.parseLong(growth[0]) < 8_000, "steps, resets and pictures: " + said + " kB");
        assertTrue(Long.parseLong(growth[1]) < 40_000, "ten closed environments: " + said + " kB");
        assertTrue(Long.parseLong(growth[2]) < 120_000, "ten environments that were not closed: " + said + " kB");
    }

    /** Prints by how many kB each of the three made this process grow. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        ByteBuffer frame = ByteBuffer.allocateDirect(64 * 64 * 3);
        long[] growth = new long[3];
        try (ControlEnvironment environment = ControlEnvironment.of(ControlTask.FINGER_SPIN)) {
            use(environment, 5, 1000, frame);
            long before = residentKilobytes();
            use(environment, 40, 1000, frame);
            growth[0] = residentKilobytes() - before;
        }
        for (int i = 0; i < 14; i++) {
            if (i == 4) {
                growth[1] = -residentKilobytes();
            }
            try (ControlEnvironment environment = ControlEnvironment.of(ControlTask.FINGER_SPIN)) {
                use(environment, 1, 10, frame);
            }
        }
        growth[1] += residentKilobytes();
        growth[2] = -residentKilobytes();
        for (int i = 0; i < 10; i++) {
            use(ControlEnvironment.of(ControlTask.FINGER_SPIN), 1, 10, frame);
            System.gc();
            Thread.sleep(200);
        }
        growth[2] += residentKilobytes();
        System.out.println(growth[0] + " " + growth[1] + " " + growth[2]);
    }

    /** Episodes with two pictures each. */
    private static void use(ControlEnvironment environment, int episodes, int steps, ByteBuffer frame) {
        double[] action = new double[environment.task().actions()];
        for (int episode = 0; episode < episodes; episode++) {
            environment.reset(episode);
            environment.observe(frame.clear());
            for (int i = 0; i < steps; i++) {
                action[0] = Math.sin(0.1 * i);
                environment.step(action);
            }
            environment.restore(environment.snapshot());
            environment.observe(frame.clear());
        }
    }

    private static long residentKilobytes() throws IOException {
        System.gc();
        return Files.readAllLines(STATUS).stream().filter(line -> line.startsWith("VmRSS:")).findFirst()
                .map(line -> Long.parseLong(line.replaceAll("\\D", ""))).orElseThrow();
    }
}
