package worldmodels.env.carracing;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import worldmodels.Golden;

/** A recorded episode: row 0 is the state after reset, row k the state after the k-th action. */
final class Trace {

    private final Map<String, Integer> columns = new HashMap<>();
    private final List<double[]> rows = new ArrayList<>();

    private Trace(BufferedReader in) throws IOException {
        String[] names = in.readLine().split(",");
        for (int i = 0; i < names.length; i++) {
            columns.put(names[i], i);
        }
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            rows.add(Arrays.stream(line.split(",")).mapToDouble(Double::parseDouble).toArray());
        }
    }

    static Trace read(String name) throws IOException {
        try (BufferedReader in = Golden.read("carracing/trace_" + name + ".csv.gz")) {
            return new Trace(in);
        }
    }

    static boolean has(String name) {
        return Golden.has("carracing/trace_" + name + ".csv.gz");
    }

    /** Number of actions. */
    int steps() {
        return rows.size() - 1;
    }

    double at(int step, String column) {
        return rows.get(step)[columns.get(column)];
    }

    double[] action(int step) {
        return new double[] {at(step, "steer"), at(step, "gas"), at(step, "brake")};
    }
}
