package worldmodels.study.dream;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import worldmodels.agent.Agent;
import worldmodels.controller.Features;
import worldmodels.memory.MdnRnn;
import worldmodels.memory.MdnRnnShape;
import worldmodels.memory.MemoryState;
import worldmodels.memory.Mixture;
import worldmodels.random.Pcg64;
import worldmodels.report.EightBits;
import worldmodels.report.Interactive;
import worldmodels.report.RgbFrame;
import worldmodels.report.Still;
import worldmodels.run.KitException;
import worldmodels.study.carracing.DecoderWeights;
import worldmodels.study.carracing.Drive;
import worldmodels.study.carracing.VisionFigures;

/**
 * M's dream, to be driven by hand (as on worldmodels.github.io): M, V's decoder and C run in the page, with weights of 8 bits, and need nothing else. C drives
 * until the reader takes the wheel; the temperature is a slider. A dream begins with real steps that M watches. Page and library are compared on real steps
 * with the same noise, in the page itself, which says how far they are apart.
 */
public final class DriveInTheDream {

    private static final String TITLE = "Drive in the dream";

    /** Real steps that M watches before it dreams. */
    private static final int WATCHED = 30;
    /** The camera comes down in the first second of a drive. */
    private static final int FIRST = 50;
    private static final int BEGINNINGS = 5;
    private static final int COMPARED = 12;
    private static final int PICTURES = 8;
    private static final int BETWEEN_PICTURES = 15;
    private static final long SEED = 1;

    /** How far a logit, mean, log sigma or number of the next z may be from the library's, and a colour in parts of 255: what 8 bits cost. */
    private static final double TOLERANCE = 0.05;
    private static final int COLOUR_TOLERANCE = 8;

    private record Memory(int latent, int hidden, int mixtures, boolean reward, boolean done, EightBits.Text gates, String gateBias, EightBits.Text output,
            String outputBias) {}

    private record Beginning(String z, String actions) {}

    private record Check(int steps, double temperature, String z, String actions, String uniforms, String normals, String said, String next, String picture,
            double tolerance, int colourTolerance) {}

    private record Data(Memory memory, DecoderWeights decoder, String controller, List<Beginning> beginnings, Check check) {}

    private DriveInTheDream() {}

    /**
     * @param agent with a linear C over z and h; where its V is no ConvVAE, the dream is a film strip alone
     * @param drive of that agent, from which dreams begin; more than {@value #FIRST} + {@value #WATCHED} steps
     * @throws KitException if the agent is another or the drive too short
     */
    public static Interactive of(Agent agent, Drive drive) {
        if (agent.features() != Features.Z_H) {
            throw new KitException("The page drives with a linear C over z and h; this one sees " + agent.features().label() + ".");
        }
        if (drive.frames().size() <= FIRST + WATCHED) {
            throw new KitException("A drive of " + drive.frames().size() + " steps is too short to begin dreams from; drive " + (FIRST + WATCHED + 1) + " or more.");
        }
        String picture = Still.filmstrip("M's dream, driven by C: every " + BETWEEN_PICTURES + " steps", dreamt(agent, drive), 2);
        if (!DecoderWeights.fit(agent.vision())) {
            return new Interactive(TITLE, picture + "<div>To be driven by hand it needs a V whose decoder fits into a page, a ConvVAE.</div>", List.of(), List.of());
        }
        MdnRnn memory = agent.memory();
        List<Beginning> beginnings = IntStream.range(0, BEGINNINGS)
                .map(i -> FIRST + i * (drive.frames().size() - 1 - WATCHED - FIRST) / BEGINNINGS).distinct()
                .mapToObj(from -> new Beginning(numbers(drive.latents(), from, WATCHED + 1), numbers(drive.actions(), from, WATCHED))).toList();
        Data data = new Data(memory(memory), DecoderWeights.of(agent.vision()), EightBits.base64(floats(agent.parameters())), beginnings, check(agent, drive));
        return new Interactive(TITLE, picture, List.of("numbers.js", "decoder.js", "memory.js", "drive.js"), data);
    }

    private static Memory memory(MdnRnn memory) {
        MdnRnnShape shape = memory.shape();
        return new Memory(shape.latent(), shape.hidden(), shape.mixtures(), shape.reward(), shape.done(), gates(memory).text(), numbers(memory, "lstm.bias"),
                output(memory).text(), numbers(memory, "output.bias"));
    }

    /** [z a h] to the gates. */
    private static EightBits gates(MdnRnn memory) {
        int hidden = memory.shape().hidden();
        int inputs = memory.shape().inputs();
        float[] input = memory.parameters().array("lstm.input").toFloatArray();
        float[] recurrent = memory.parameters().array("lstm.recurrent").toFloatArray();
        float[] both = new float[input.length + recurrent.length];
        for (int row = 0; row < 4 * hidden; row++) {
            System.arraycopy(input, row * inputs, both, row * (inputs + hidden), inputs);
            System.arraycopy(recurrent, row * hidden, both, row * (inputs + hidden) + inputs, hidden);
        }
        return EightBits.of(both, 4 * hidden);
    }

    private static EightBits output(MdnRnn memory) {
        return EightBits.of(memory.parameters().array("output.weight").toFloatArray(), memory.shape().outputs());
    }

    /** What the library's M says of real steps, the next z that it draws with noise that is told, and V's picture of the first. */
    private static Check check(Agent agent, Drive drive) {
        MdnRnn memory = agent.memory();
        int latent = memory.shape().latent();
        int block = memory.shape().mixtures() * latent;
        float[] uniforms = new float[COMPARED * latent];
        float[] normals = new float[COMPARED * latent];
        float[] said = new float[COMPARED * 3 * block];
        float[] next = new float[COMPARED * latent];
        MemoryState state = memory.initial(1);
        for (int t = 0; t < COMPARED; t++) {
            state.advance(drive.latents()[FIRST + t], drive.actions()[FIRST + t]);
            Mixture mixture = memory.predict(state).latent();
            System.arraycopy(mixture.logits(), 0, said, 3 * t * block, block);
            System.arraycopy(mixture.mean(), 0, said, (3 * t + 1) * block, block);
            System.arraycopy(mixture.logSigma(), 0, said, (3 * t + 2) * block, block);
            long seed = clearSeed(mixture, t);
            mixture.sample(0, 1, Pcg64.stream(seed, "page"), next, t * latent);
            Pcg64 told = Pcg64.stream(seed, "page");
            for (int i = t * latent; i < (t + 1) * latent; i++) {
                uniforms[i] = (float) told.nextDouble();
                normals[i] = (float) told.standardNormal();
            }
        }
        return new Check(COMPARED, 1, numbers(drive.latents(), FIRST, COMPARED), numbers(drive.actions(), FIRST, COMPARED), EightBits.base64(uniforms),
                EightBits.base64(normals), EightBits.base64(said), EightBits.base64(next),
                Base64.getEncoder().encodeToString(VisionFigures.decoded(agent.vision(), new float[][] {drive.latents()[FIRST]}).getFirst().rgb()), TOLERANCE,
                COLOUR_TOLERANCE);
    }

    /** A seed whose noise chooses no component by less than weights may be off by: there rounding would choose, and not M. */
    private static long clearSeed(Mixture mixture, int step) {
        for (long seed = SEED + 1_000_000L * step;; seed++) {
            Pcg64 random = Pcg64.stream(seed, "page");
            boolean clear = true;
            for (int d = 0; d < mixture.dimensions(); d++) {
                double u = random.nextDouble();
                random.standardNormal();
                double below = 0;
                for (double weight : Arrays.copyOf(mixture.weights(0, d, 1), mixture.components() - 1)) {
                    below += weight;
                    clear &= Math.abs(u - below) > TOLERANCE / 4;
                }
            }
            if (clear) {
                return seed;
            }
        }
    }

    /** What is seen where no script runs: a dream of the library's own. */
    private static List<RgbFrame> dreamt(Agent agent, Drive drive) {
        MdnRnn memory = agent.memory();
        MemoryState state = memory.initial(1);
        for (int t = FIRST; t < FIRST + WATCHED; t++) {
            state.advance(drive.latents()[t], drive.actions()[t]);
        }
        float[] z = drive.latents()[FIRST + WATCHED].clone();
        double[] action = new double[agent.controller().actions()];
        float[] features = new float[z.length + memory.shape().hidden()];
        Pcg64 random = Pcg64.stream(SEED, "dream");
        List<float[]> pictured = new ArrayList<>();
        for (int t = 0; t < PICTURES * BETWEEN_PICTURES; t++) {
            if (t % BETWEEN_PICTURES == 0) {
                pictured.add(z.clone());
            }
            System.arraycopy(z, 0, features, 0, z.length);
            state.hidden(0, features, z.length);
            agent.controller().act(features, 0, agent.parameters(), action, 0);
            state.advance(z, action);
            memory.predict(state).latent().sample(0, 1, random, z, 0);
        }
        return VisionFigures.decoded(agent.vision(), pictured.toArray(float[][]::new));
    }

    private static String numbers(MdnRnn memory, String parameter) {
        return EightBits.base64(memory.parameters().array(parameter).toFloatArray());
    }

    private static String numbers(float[][] rows, int from, int count) {
        float[] flat = new float[count * rows[0].length];
        for (int i = 0; i < count; i++) {
            System.arraycopy(rows[from + i], 0, flat, i * rows[0].length, rows[0].length);
        }
        return EightBits.base64(flat);
    }

    private static String numbers(double[][] rows, int from, int count) {
        return numbers(Arrays.stream(rows).map(DriveInTheDream::floats).toArray(float[][]::new), from, count);
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }
}
