package worldmodels.study.gan;

import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.Map;
import worldmodels.nn.Checkpoint;
import worldmodels.nn.Compute;
import worldmodels.vision.plane.PlaneLearner;

/**
 * One look at a model of points.
 *
 * @param samples   its points, (count, 2)
 * @param landscape its critic's f on the grid, (SIDE, SIDE), from the top left row by row
 */
public record PlaneLook(long step, float[] samples, float[] landscape) {

    /** Points of the grid each way, which covers ±REACH. */
    static final int SIDE = 48;
    static final double REACH = 2.6;

    private static final String KIND = "PlaneLook";

    static PlaneLook of(long step, PlaneLearner learner, int count) {
        return new PlaneLook(step, learner.samples(count), learner.landscape(grid()));
    }

    private static float[] grid() {
        float[] grid = new float[2 * SIDE * SIDE];
        for (int i = 0; i < SIDE * SIDE; i++) {
            grid[2 * i] = (float) (REACH * (2.0 * (i % SIDE) / (SIDE - 1) - 1));
            grid[2 * i + 1] = (float) (REACH * (1 - 2.0 * (i / SIDE) / (SIDE - 1)));
        }
        return grid;
    }

    void write(Path folder) {
        try (NDManager manager = Compute.newManager()) {
            Checkpoint.write(file(folder, step), KIND, Map.of(), Map.of("samples", manager.create(samples), "landscape", manager.create(landscape)));
        }
    }

    static PlaneLook read(Path folder, long step) {
        try (NDManager manager = Compute.newManager()) {
            Checkpoint found = Checkpoint.read(file(folder, step), KIND);
            return new PlaneLook(step, found.tensor(manager, "samples").toFloatArray(), found.tensor(manager, "landscape").toFloatArray());
        }
    }

    private static Path file(Path folder, long step) {
        return folder.resolve("look-" + step + ".safetensors");
    }
}
