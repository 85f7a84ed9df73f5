package worldmodels.planet;

import java.nio.ByteBuffer;
import worldmodels.env.Environment;
import worldmodels.random.Pcg64;
import worldmodels.run.Preset;
import worldmodels.run.Settings;

/** Sizes that a test can afford. */
final class Toy {

    private Toy() {}

    static PlanetShape shape(Dynamics dynamics) {
        return new PlanetShape(dynamics, 1, new PlanetSizes(24, 4, 24, 0.1, 4, 1, 24));
    }

    /** The paper's model. */
    static PlanetShape paper(Dynamics dynamics) {
        return new PlanetShape(dynamics, 1, Settings.of(Preset.named("paper"), PlanetSizes.class));
    }

    /** The paper's settings with small batches and plans. */
    static PlanetSettings settings(String... changes) {
        Preset preset = Preset.named("paper").with("planet.batch", "6").with("planet.chunk", "8").with("planet.horizon", "4").with("planet.iterations", "4")
                .with("planet.candidates", "60").with("planet.elites", "8");
        for (String change : changes) {
            preset = preset.with(change.split("=")[0], change.split("=")[1]);
        }
        return Settings.of(preset, PlanetSettings.class);
    }

    /** @param length of its episodes; each action counts twice */
    static PixelTask task(int length) {
        return new PixelTask() {
            @Override
            public String name() {
                return "moving dot";
            }

            @Override
            public Environment environment() {
                return new MovingDot(length);
            }

            @Override
            public int actionRepeat() {
                return 2;
            }
        };
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
