package worldmodels.env.carracing;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import worldmodels.random.Pcg64;

class CarRacingMemoryTest {

    private static final int EPISODE = 100;

    @Test
    void aStepWithItsPictureAllocatesNextToNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        CarRacing racing = new CarRacing();
        ByteBuffer frame = ByteBuffer.allocate(racing.observationSpace().bytes());
        double[] action = {0.05, 0.3, 0};
        racing.reset(3);
        // The first calls run interpreted, where nothing is optimised away.
        for (int i = 0; i < 2000; i++) {
            racing.step(action);
            racing.observe(frame.clear());
        }
        int steps = 500;
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < steps; i++) {
            racing.step(action);
            racing.observe(frame.clear());
        }
        double perStep = (threads.getCurrentThreadAllocatedBytes() - before) / (double) steps;
        assertTrue(perStep < 256, perStep + " bytes per step; a transition and now and then a score text are all that is expected");
    }

    @Test
    @Tag("slow")
    void tenThousandResetsAndAMillionStepsDoNotGrow() {
        CarRacing racing = new CarRacing();
        ByteBuffer frame = ByteBuffer.allocate(racing.observationSpace().bytes());
        Pcg64 random = Pcg64.stream(0, "soak");
        run(racing, random, frame, 500);
        long before = usedHeap();
        run(racing, random, frame, 10_000);
        long grown = usedHeap() - before;
        assertTrue(grown < 2_000_000, "the heap grew by " + grown + " bytes");
    }

    /** Episodes of {@value #EPISODE} steps with random actions, one picture each. */
    private static void run(CarRacing racing, Pcg64 random, ByteBuffer frame, int episodes) {
        double[] action = new double[3];
        for (int episode = 0; episode < episodes; episode++) {
            racing.reset(episode);
            for (int i = 0; i < EPISODE; i++) {
                if (i % 10 == 0) {
                    action[0] = random.uniform(-1, 1);
                    action[1] = random.nextDouble();
                    action[2] = random.nextDouble() < 0.2 ? 0.5 : 0;
                }
                racing.step(action);
            }
            racing.observe(frame.clear());
        }
    }

    private static long usedHeap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
