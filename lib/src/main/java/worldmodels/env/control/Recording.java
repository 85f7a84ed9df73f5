package worldmodels.env.control;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * An episode recorded from dm_control 1.0.7 with MuJoCo 2.2.2: row 0 is the state after the reset, row k the k-th action with state, reward
 * and state observation after it. The library holds the first {@value #KEPT_STEPS} control steps of one episode of each task under random
 * actions and the picture after them, so that every installation can be compared with the original.
 */
public final class Recording {

    /** Control steps of the recordings in the library. */
    public static final int KEPT_STEPS = 60;

    private final List<String> columns;
    private final List<double[]> rows;
    private final double[] start;
    private final double[] model;

    private Recording(List<String> columns, List<double[]> rows, double[] start, double[] model) {
        this.columns = columns;
        this.rows = rows;
        this.start = start;
        this.model = model;
    }

    /** The recording of a task that the library holds. */
    public static Recording of(ControlTask task) {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(open(task.id() + ".csv.gz"), StandardCharsets.UTF_8))) {
            return read(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The picture after the last step of the task's recording, 64 x 64 x 3 bytes RGB. */
    public static ByteBuffer picture(ControlTask task) {
        try (InputStream in = open(task.id() + ".rgb.gz")) {
            return ByteBuffer.wrap(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream open(String name) throws IOException {
        return new GZIPInputStream(Recording.class.getResourceAsStream("recorded/" + name));
    }

    /** Comma-separated, with a line of names; before it may stand {@code # start} (coordinates drawn) and {@code # model} with numbers. */
    static Recording read(BufferedReader in) throws IOException {
        double[] start = null;
        double[] model = {};
        String line = in.readLine();
        for (; line.startsWith("#"); line = in.readLine()) {
            double[] numbers = numbers(line.replaceFirst("# \\w+ ", ""), " ");
            if (line.startsWith("# start")) {
                start = numbers;
            } else {
                model = numbers;
            }
        }
        List<String> columns = List.of(line.split(","));
        List<double[]> rows = new ArrayList<>();
        for (line = in.readLine(); line != null; line = in.readLine()) {
            rows.add(numbers(line, ","));
        }
        return new Recording(columns, rows, start, model);
    }

    private static double[] numbers(String line, String separator) {
        return Arrays.stream(line.split(separator)).mapToDouble(Double::parseDouble).toArray();
    }

    /**
     * @param start coordinates that the task drew (the cheetah then settles, so they are not those of row 0); null for row 0's
     * @param model what the task wrote into its model
     */
    Recording begunWith(double[] start, double[] model) {
        return new Recording(columns, rows, start, model);
    }

    /** Number of control steps. */
    public int steps() {
        return rows.size() - 1;
    }

    /** The action of step k. */
    public double[] action(int k) {
        return group("action_", k);
    }

    /** Generalised coordinates after step k. */
    public double[] qpos(int k) {
        return group("qpos_", k);
    }

    /** Generalised velocities after step k. */
    public double[] qvel(int k) {
        return group("qvel_", k);
    }

    /** The state observation after step k. */
    public double[] observation(int k) {
        return group("obs_", k);
    }

    /** All sensors after step k. */
    double[] sensors(int k) {
        return group("sensor_", k);
    }

    /** The reward of step k. */
    public double reward(int k) {
        return rows.get(k)[columns.indexOf("reward")];
    }

    private double[] group(String prefix, int k) {
        int from = 0;
        while (from < columns.size() && !columns.get(from).startsWith(prefix)) {
            from++;
        }
        int to = from;
        while (to < columns.size() && columns.get(to).startsWith(prefix)) {
            to++;
        }
        return Arrays.copyOfRange(rows.get(k), from, to);
    }

    /** Begins the recorded episode. */
    public void begin(ControlEnvironment environment) {
        double[] qpos = start == null ? qpos(0) : start;
        double[] qvel = start == null ? qvel(0) : new double[qvel(0).length];
        environment.start(() -> {
            write(qpos, environment.simulation().qpos());
            write(qvel, environment.simulation().qvel());
            environment.logic().restoreModel(model);
        });
    }

    private static void write(double[] numbers, MemorySegment to) {
        for (int i = 0; i < numbers.length; i++) {
            SuiteTask.put(to, i, numbers[i]);
        }
    }

    /**
     * How far an environment is from the recording: largest absolute differences over an episode's steps.
     *
     * @param state       of coordinates and velocities
     * @param reward      of rewards
     * @param observation of the state observation
     */
    public record Difference(double state, double reward, double observation) {}

    /** Plays the recorded actions from the recorded start. */
    public Difference play(ControlEnvironment environment, int steps) {
        begin(environment);
        double state = 0;
        double reward = 0;
        double observation = largest(observation(0), environment.state());
        for (int k = 1; k <= steps; k++) {
            reward = Math.max(reward, Math.abs(environment.step(action(k)).reward() - reward(k)));
            state = Math.max(state, largest(qpos(k), environment.simulation().qpos().toArray(JAVA_DOUBLE)));
            state = Math.max(state, largest(qvel(k), environment.simulation().qvel().toArray(JAVA_DOUBLE)));
            observation = Math.max(observation, largest(observation(k), environment.state()));
        }
        return new Difference(state, reward, observation);
    }

    private static double largest(double[] recorded, double[] here) {
        double largest = recorded.length == here.length ? 0 : Double.POSITIVE_INFINITY;
        for (int i = 0; i < Math.min(recorded.length, here.length); i++) {
            largest = Math.max(largest, Math.abs(recorded[i] - here[i]));
        }
        return largest;
    }
}
