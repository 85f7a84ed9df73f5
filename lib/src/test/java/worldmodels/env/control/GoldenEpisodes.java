package worldmodels.env.control;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.List;
import worldmodels.Golden;

/** The full recordings in {@code golden/dmc}: four episodes of 1000 control steps of each task, and pictures. */
final class GoldenEpisodes {

    static final List<String> TRACES = List.of("zero", "random", "periodic", "driven");

    private GoldenEpisodes() {}

    static boolean areHere() {
        return Golden.has("dmc/walker_walk/driven.csv.gz");
    }

    static Recording read(ControlTask task, String trace) throws IOException {
        JsonObject init;
        try (BufferedReader in = Golden.read("dmc/" + task.id() + "/init.json")) {
            init = JsonParser.parseReader(in).getAsJsonObject().getAsJsonObject(trace);
        }
        double[] target = numbers(init, "target_xy");
        try (BufferedReader in = Golden.read("dmc/" + task.id() + "/" + trace + ".csv.gz")) {
            return Recording.read(in).begunWith(numbers(init, "drawn_qpos_before_200_settling_steps"), target == null ? new double[0] : target);
        }
    }

    private static double[] numbers(JsonObject init, String name) {
        JsonArray array = init.getAsJsonArray(name);
        return array == null ? null : array.asList().stream().mapToDouble(number -> number.getAsDouble()).toArray();
    }

    /** Until where a last-bit difference of another processor stays below 1e-9 (golden/dmc/README.md). */
    static int horizon(ControlTask task) {
        return switch (task) {
            case CARTPOLE_SWINGUP -> 400;
            case REACHER_EASY -> 1000;
            case CHEETAH_RUN -> 250;
            case FINGER_SPIN -> 150;
            case BALL_IN_CUP_CATCH -> 900;
            case WALKER_WALK -> 80;
        };
    }
}
