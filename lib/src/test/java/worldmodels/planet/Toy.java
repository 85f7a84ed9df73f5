package worldmodels.planet;

import java.nio.ByteBuffer;
import worldmodels.random.Pcg64;

/** Sizes that a test can afford. */
final class Toy {

    private Toy() {}

    static PlanetShape shape(Dynamics dynamics) {
        return new PlanetShape(dynamics, 1, 24, 4, 24, 0.1, 4, 1, 24);
    }

    static PlanetSettings settings() {
        return PlanetSettings.authors(1).withBatches(6, 8);
    }

    static PixelTask task(int length) {
        return new PixelTask("moving dot", () -> new MovingDot(length), 2);
    }

    static CrossEntropyPlanner planner() {
        return new CrossEntropyPlanner(new CrossEntropyPlanner.Settings(4, 4, 60, 8));
    }

    /** Coloured noise and random actions. */
    static SequenceBatch batch(int steps, int batch, long seed) {
        Pcg64 random = Pcg64.seeded(seed);
        byte[] frames = new byte[steps * batch * SequenceReplay.FRAME];
        for (int i = 0; i < frames.length; i++) {
            frames[i] = (byte) (random.nextInt() >>> 24);
        }
        float[] actions = new float[steps * batch];
        float[] rewards = new float[steps * batch];
        for (int i = 0; i < actions.length; i++) {
            actions[i] = i < batch ? 0 : (float) random.uniform(-1, 1);
            rewards[i] = i < batch ? 0 : (float) random.uniform(0, 1);
        }
        return new SequenceBatch(steps, batch, ByteBuffer.allocateDirect(frames.length).put(frames).flip(), actions, rewards);
    }
}
