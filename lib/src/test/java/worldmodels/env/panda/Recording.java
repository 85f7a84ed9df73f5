package worldmodels.env.panda;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import worldmodels.Golden;

/** A table of golden/panda: columns of numbers by name, text by place; an empty cell is NaN. */
final class Recording {

    private final Map<String, Integer> columns = new HashMap<>();
    private final List<String[]> rows = new ArrayList<>();
    final String name;

    private Recording(String name) {
        this.name = name;
    }

    /** @param name of the file without its ending */
    static Recording read(String name) throws IOException {
        Recording recording = new Recording(name);
        try (BufferedReader in = Golden.read("panda/" + name + ".csv.gz")) {
            String[] names = in.readLine().split(",");
            for (int i = 0; i < names.length; i++) {
                recording.columns.put(names[i], i);
            }
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                recording.rows.add(line.split(",", -1));
            }
        }
        return recording;
    }

    /** The names of the recorded episodes of a control that are here. */
    static List<String> episodes(PandaControl control) throws IOException {
        try (Reader in = Golden.read("panda/episodes.json")) {
            return JsonParser.parseReader(in).getAsJsonObject().getAsJsonArray("episodes").asList().stream()
                    .map(episode -> episode.getAsJsonObject())
                    .filter(episode -> episode.get("control").getAsString().equals(key(control)))
                    .map(Recording::file)
                    .filter(file -> Golden.has("panda/" + file + ".csv.gz"))
                    .toList();
        }
    }

    private static String file(JsonObject episode) {
        return episode.get("file").getAsString().replace(".csv.gz", "");
    }

    static String key(PandaControl control) {
        return control == PandaControl.END_EFFECTOR ? "ee" : "joints";
    }

    int rows() {
        return rows.size();
    }

    String text(int row, String column) {
        return rows.get(row)[columns.get(column)];
    }

    double number(int row, String column) {
        String cell = text(row, column);
        return cell.isEmpty() ? Double.NaN : Double.parseDouble(cell);
    }

    double[] numbers(int row, String... names) {
        return Arrays.stream(names).mapToDouble(name -> number(row, name)).toArray();
    }

    /** Columns {@code prefix + first} to {@code prefix + last}. */
    double[] series(int row, String prefix, int first, int last) {
        double[] numbers = new double[last - first + 1];
        Arrays.setAll(numbers, i -> number(row, prefix + (first + i)));
        return numbers;
    }

    double[] q(int row) {
        return series(row, "q", 1, 7);
    }

    double[] qd(int row) {
        return series(row, "qd", 1, 7);
    }

    double[] action(int row, PandaControl control) {
        return series(row, "a", 0, control.actions() - 1);
    }

    double[] position(int row) {
        return numbers(row, "ee_x", "ee_y", "ee_z");
    }

    double[] velocity(int row) {
        return numbers(row, "ee_vx", "ee_vy", "ee_vz");
    }

    boolean touches(int row) {
        return number(row, "contact_substeps") > 0;
    }

    boolean atLimit(int row) {
        return number(row, "limit") > 0;
    }

    static double distance(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }
        return Math.sqrt(sum);
    }

    static double largest(double[] a, double[] b) {
        double largest = 0;
        for (int i = 0; i < a.length; i++) {
            largest = Math.max(largest, Math.abs(a[i] - b[i]));
        }
        return largest;
    }
}
