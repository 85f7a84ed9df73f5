package worldmodels.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
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
 * Where a step of a generation goes: a trained agent (the weights kept in a results folder) drives as many tracks at once as one of two cores does
 * in a search, and each part is timed in its thread's processor time, for all tracks together, so that other work on the machine disturbs as little as it can. A trained V
 * is what counts here: how much of its layers is zero decides how long it takes.
 *
 * <pre>java ... worldmodels.benchmarks.LoopProfile</pre>
 *
 * The work folder holds the stages of the preset laptop ({@code environment/run.sh --kept} puts them there).
 */
public final class LoopProfile {

    private static final int LANES = CarRacingExperiment.LANES / 2;
    private static final int STEPS = 600;
    private static final int ROUNDS = 7;
    private static final int ROWS = 84;
    private static final int PICTURE = ROWS * 96 * 3;
    private static final String[] PARTS = {"physics", "picture without bar", "resize to 64 x 64", "V: frame to z", "C: [z h] to action",
        "M: one step", "CMA-ES: ask and tell"};

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

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
        ByteBuffer pictures = ByteBuffer.allocate(LANES * PICTURE);
        ByteBuffer frames = ByteBuffer.allocateDirect(LANES * 64 * 64 * 3);
        float[] z = new float[LANES * latent];
        float[] features = new float[LANES * size];
        double[] actions = new double[LANES * CarRacing.ACTIONS.size()];
        double[] action = new double[CarRacing.ACTIONS.size()];
        for (int lane = 0; lane < LANES; lane++) {
            cars[lane] = new CarRacing();
            cars[lane].reset(TrackSeeds.SELECT.seed(round * LANES + lane));
        }
        long[] nanos = new long[PARTS.length];
        for (int step = 0; step < STEPS; step++) {
            pictures.clear();
            frames.clear();
            long start = THREADS.getCurrentThreadCpuTime();
            for (CarRacing car : cars) {
                car.observeTop(ROWS, pictures);
            }
            long drawn = THREADS.getCurrentThreadCpuTime();
            for (int lane = 0; lane < LANES; lane++) {
                resize.resize(pictures.slice(lane * PICTURE, PICTURE), frames);
            }
            long resized = THREADS.getCurrentThreadCpuTime();
            encoder.encode(frames.flip(), LANES, z, null);
            long encoded = THREADS.getCurrentThreadCpuTime();
            for (int lane = 0; lane < LANES; lane++) {
                System.arraycopy(z, lane * latent, features, lane * size, latent);
                controller.act(features, lane * size, agent.parameters(), actions, lane * CarRacing.ACTIONS.size());
            }
            long acted = THREADS.getCurrentThreadCpuTime();
            memory.advance(z, actions);
            for (int lane = 0; lane < LANES; lane++) {
                memory.hidden(lane, features, lane * size + latent);
            }
            long remembered = THREADS.getCurrentThreadCpuTime();
            for (int lane = 0; lane < LANES; lane++) {
                System.arraycopy(actions, lane * CarRacing.ACTIONS.size(), action, 0, action.length);
                cars[lane].step(action);
            }
            nanos[0] += THREADS.getCurrentThreadCpuTime() - remembered;
            nanos[1] += drawn - start;
            nanos[2] += resized - drawn;
            nanos[3] += encoded - resized;
            nanos[4] += acted - encoded;
            nanos[5] += remembered - acted;
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
