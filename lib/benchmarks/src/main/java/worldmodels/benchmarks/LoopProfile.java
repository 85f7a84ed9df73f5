package worldmodels.benchmarks;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import worldmodels.agent.Agent;
import worldmodels.controller.Controller;
import worldmodels.controller.Features;
import worldmodels.env.TriangleResize;
import worldmodels.env.WorldModelsFrame;
import worldmodels.env.carracing.CarRacing;
import worldmodels.evaluation.TrackSeeds;
import worldmodels.evolution.CmaEs;
import worldmodels.memory.MemoryState;
import worldmodels.run.Preset;
import worldmodels.run.Progress;
import worldmodels.run.Settings;
import worldmodels.study.carracing.CarRacingExperiment;
import worldmodels.study.carracing.SearchSettings;
import worldmodels.vision.FrameEncoder;

/**
 * Where a step of a generation goes: a trained agent (the weights kept in a results folder) drives eight tracks at once on one core, and each
 * part is timed. A trained V is what counts here: how much of its layers is zero decides how long it takes.
 *
 * <pre>java ... worldmodels.benchmarks.LoopProfile</pre>
 *
 * The work folder holds the stages of the preset laptop ({@code environment/run.sh --kept} puts them there).
 */
public final class LoopProfile {

    private static final int LANES = 8;
    private static final int STEPS = 600;
    private static final int ROUNDS = 7;
    private static final String[] PARTS = {"physics", "picture 96 x 96", "resize to 64 x 64", "V: frame to z", "C: [z h] to action",
        "M: one step", "CMA-ES: ask and tell"};

    private LoopProfile() {}

    public static void main(String[] arguments) {
        Preset preset = Preset.named("laptop");
        try (CarRacingExperiment experiment = CarRacingExperiment.open(preset)) {
            Agent agent = experiment.agent(Features.Z_H, Progress.NONE);
            double[][] rounds = new double[ROUNDS][];
            for (int round = 0; round < ROUNDS; round++) {
                rounds[round] = drive(agent, round);
            }
            SearchSettings settings = Settings.of(preset, SearchSettings.class);
            double search = search(agent.parameters().length, settings);
            // The first rounds warm the compiler up; of the others the median.
            double[] micros = new double[PARTS.length];
            for (int part = 0; part < PARTS.length - 1; part++) {
                int p = part;
                double[] sorted = Arrays.stream(rounds).skip(2).mapToDouble(r -> r[p]).sorted().toArray();
                micros[part] = sorted[sorted.length / 2];
            }
            micros[PARTS.length - 1] = search * 1e6 / (settings.population() * settings.rollouts() * 700.0);
            double sum = Arrays.stream(micros).sum();
            for (int part = 0; part < PARTS.length; part++) {
                System.out.printf(Locale.ROOT, "%-22s %7.1f us  %4.1f %%%n", PARTS[part], micros[part], 100 * micros[part] / sum);
            }
            System.out.printf(Locale.ROOT, "%-22s %7.1f us, %.0f steps/s on one core%n", "together", sum, 1e6 / sum);
        }
    }

    /** @return microseconds per step of each part but the last */
    private static double[] drive(Agent agent, int round) {
        Controller controller = agent.controller();
        FrameEncoder encoder = agent.vision().encoder();
        MemoryState memory = agent.memory().initial(LANES);
        int latent = agent.vision().latentSize();
        int size = controller.featureSize();
        CarRacing[] cars = new CarRacing[LANES];
        TriangleResize resize = WorldModelsFrame.croppedResize();
        ByteBuffer picture = ByteBuffer.allocateDirect(96 * 96 * 3);
        ByteBuffer frames = ByteBuffer.allocateDirect(LANES * 64 * 64 * 3);
        float[] z = new float[LANES * latent];
        float[] logVariance = new float[LANES * latent];
        float[] features = new float[LANES * size];
        double[] actions = new double[LANES * CarRacing.ACTIONS.size()];
        double[][] action = new double[LANES][CarRacing.ACTIONS.size()];
        for (int lane = 0; lane < LANES; lane++) {
            cars[lane] = new CarRacing();
            cars[lane].reset(TrackSeeds.SELECT.seed(round * LANES + lane));
        }
        long[] nanos = new long[PARTS.length];
        for (int step = 0; step < STEPS; step++) {
            frames.clear();
            for (int lane = 0; lane < LANES; lane++) {
                long start = System.nanoTime();
                cars[lane].observe(picture.clear());
                long drawn = System.nanoTime();
                resize.resize(picture.flip(), frames);
                nanos[1] += drawn - start;
                nanos[2] += System.nanoTime() - drawn;
            }
            long start = System.nanoTime();
            encoder.encode(frames.flip(), LANES, z, logVariance);
            nanos[3] += System.nanoTime() - start;
            for (int lane = 0; lane < LANES; lane++) {
                long before = System.nanoTime();
                System.arraycopy(z, lane * latent, features, lane * size, latent);
                controller.act(features, lane * size, agent.parameters(), actions, lane * CarRacing.ACTIONS.size());
                nanos[4] += System.nanoTime() - before;
            }
            long acted = System.nanoTime();
            memory.advance(z, actions);
            nanos[5] += System.nanoTime() - acted;
            for (int lane = 0; lane < LANES; lane++) {
                memory.hidden(lane, features, lane * size + latent);
                long before = System.nanoTime();
                System.arraycopy(actions, lane * CarRacing.ACTIONS.size(), action[lane], 0, CarRacing.ACTIONS.size());
                cars[lane].step(action[lane]);
                nanos[0] += System.nanoTime() - before;
            }
        }
        return Arrays.stream(nanos).mapToDouble(n -> n / 1e3 / STEPS / LANES).toArray();
    }

    /** @return seconds per generation of ask and tell, mean of 40 */
    private static double search(int parameters, SearchSettings settings) {
        CmaEs search = new CmaEs(new double[parameters], settings.sigma(), settings.population(), 1);
        double[] fitness = new double[settings.population()];
        long start = 0;
        for (int generation = 0; generation < 50; generation++) {
            if (generation == 10) {
                start = System.nanoTime();
            }
            double[][] candidates = search.ask();
            for (int i = 0; i < fitness.length; i++) {
                fitness[i] = Arrays.stream(candidates[i]).map(x -> (x - 0.1) * (x - 0.1)).sum();
            }
            search.tell(fitness);
        }
        return (System.nanoTime() - start) / 1e9 / 40;
    }
}
