package worldmodels.study.carracing;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import worldmodels.nn.Compute;
import worldmodels.nn.Noise;
import worldmodels.report.Figure;
import worldmodels.report.ImageGrid;
import worldmodels.report.RgbFrame;
import worldmodels.vision.VisionModel;

/** Pictures of what V keeps of a frame. */
public final class VisionFigures {

    private VisionFigures() {}

    /** Frames above what the decoder makes of the means of their posteriors. */
    public static Figure reconstructions(VisionModel vision, List<RgbFrame> frames) {
        return new ImageGrid("Frames and what V keeps of them", frames.size(), 2)
                .row("seen", frames).row("reconstructed", decoded(vision, means(vision, frames)));
    }

    /** Frames above what several vision models make of the means of their posteriors, by the models' names. */
    public static Figure reconstructions(Map<String, VisionModel> models, List<RgbFrame> frames) {
        ImageGrid grid = new ImageGrid("Frames and what each V keeps of them", frames.size(), 2).row("seen", frames);
        models.forEach((name, vision) -> grid.row(name, decoded(vision, means(vision, frames))));
        return grid;
    }

    /** Frames above what V makes of them from z alone, then with one group of latents more in each row. */
    public static Figure levels(VisionModel vision, List<RgbFrame> frames) {
        ImageGrid grid = new ImageGrid("What each level adds", frames.size(), 2).row("seen", frames);
        for (int groups = 0; groups < vision.levels(); groups++) {
            try (NDManager scratch = Compute.newManager()) {
                grid.row(groups == 0 ? "z alone" : "and " + groups + (groups == 1 ? " group" : " groups") + " below",
                        pictures(vision.reconstruct(pixels(scratch, frames), groups)));
            }
        }
        return grid;
    }

    /**
     * Pictures of z that no frame was seen for; a row for each temperature, which is times the deviation of z and of what is below it. An NVAE's
     * batch normalisation is readjusted for each.
     */
    public static Figure samples(VisionModel vision, int count, long seed, double... temperatures) {
        ImageGrid grid = new ImageGrid("Samples", count, 2);
        for (double temperature : temperatures) {
            try (NDManager scratch = Compute.newManager()) {
                NDArray z = Noise.normal(scratch, new Shape(count, vision.latentSize()), seed).mul((float) temperature);
                grid.row("temperature " + temperature, pictures(vision.sample(z, (float) temperature, seed)));
            }
        }
        return grid;
    }

    /** What lies between two frames: the means of their posteriors mixed in equal steps, a row for each model. */
    public static Figure interpolation(Map<String, VisionModel> models, RgbFrame from, RgbFrame to, int steps) {
        ImageGrid grid = new ImageGrid("From one frame to another", steps, 2);
        models.forEach((name, vision) -> {
            float[][] ends = means(vision, List.of(from, to));
            float[][] z = new float[steps][vision.latentSize()];
            for (int i = 0; i < steps; i++) {
                float share = i / (float) (steps - 1);
                for (int j = 0; j < z[i].length; j++) {
                    z[i][j] = (1 - share) * ends[0][j] + share * ends[1][j];
                }
            }
            grid.row(name, decoded(vision, z));
        });
        return grid;
    }

    /**
     * One frame with one latent coordinate at a time moved through the range; a row for each of the coordinates whose mean varies most over
     * the frames.
     *
     * @param frames the first one is the frame that is changed; all of them tell which coordinates vary
     * @param rows   how many coordinates
     * @param values what each coordinate is set to, from left to right
     */
    public static Figure traversal(VisionModel vision, List<RgbFrame> frames, int rows, double... values) {
        float[][] z = means(vision, frames);
        List<float[]> moved = new ArrayList<>();
        int[] coordinates = mostVaried(z, rows);
        for (int coordinate : coordinates) {
            for (double value : values) {
                float[] copy = z[0].clone();
                copy[coordinate] = (float) value;
                moved.add(copy);
            }
        }
        List<RgbFrame> pictures = decoded(vision, moved.toArray(float[][]::new));
        ImageGrid grid = new ImageGrid("One latent number at a time", values.length, 2);
        for (int i = 0; i < pictures.size(); i++) {
            grid.add(pictures.get(i), "z" + coordinates[i / values.length] + " = " + values[i % values.length]);
        }
        return grid;
    }

    /** The squared error per frame of the best picture one can draw without looking: the mean of the frames. */
    public static double meanFrameError(List<RgbFrame> frames) {
        int values = frames.getFirst().rgb().length;
        double error = 0;
        for (int i = 0; i < values; i++) {
            double sum = 0;
            double squares = 0;
            for (RgbFrame frame : frames) {
                double value = (frame.rgb()[i] & 255) / 255.0;
                sum += value;
                squares += value * value;
            }
            error += squares / frames.size() - sum * sum / frames.size() / frames.size();
        }
        return error;
    }

    /** The squared error of each frame, summed over pixels and colours, when the mean of its posterior is decoded. */
    public static double[] reconstructionErrors(VisionModel vision, List<RgbFrame> frames) {
        List<RgbFrame> decoded = decoded(vision, means(vision, frames));
        double[] errors = new double[decoded.size()];
        for (int i = 0; i < errors.length; i++) {
            byte[] seen = frames.get(i).rgb();
            byte[] made = decoded.get(i).rgb();
            for (int j = 0; j < seen.length; j++) {
                double difference = ((seen[j] & 255) - (made[j] & 255)) / 255.0;
                errors[i] += difference * difference;
            }
        }
        return errors;
    }

    /** @return (frames, latent): the means of the frames' posteriors */
    static float[][] means(VisionModel vision, List<RgbFrame> frames) {
        try (NDManager scratch = Compute.newManager()) {
            float[] flat = vision.encode(pixels(scratch, frames)).mean().toFloatArray();
            int latent = vision.latentSize();
            return IntStream.range(0, frames.size()).mapToObj(i -> Arrays.copyOfRange(flat, i * latent, (i + 1) * latent)).toArray(float[][]::new);
        }
    }

    /** @return uint8 (frames, height, width, 3) */
    private static NDArray pixels(NDManager scratch, List<RgbFrame> frames) {
        ByteBuffer pixels = ByteBuffer.allocateDirect(frames.size() * frames.getFirst().rgb().length);
        frames.forEach(frame -> pixels.put(frame.rgb()));
        return scratch.create(pixels.flip(), new Shape(frames.size(), frames.getFirst().height(), frames.getFirst().width(), 3), DataType.UINT8);
    }

    /** @param z (pictures, latent) */
    public static List<RgbFrame> decoded(VisionModel vision, float[][] z) {
        try (NDManager scratch = Compute.newManager()) {
            return pictures(vision.decode(scratch.create(z)));
        }
    }

    /** @param pictures float32 (pictures, height, width, 3) in [0, 1] */
    private static List<RgbFrame> pictures(NDArray pictures) {
        int height = (int) pictures.getShape().get(1);
        int width = (int) pictures.getShape().get(2);
        float[] values = pictures.toFloatArray();
        return IntStream.range(0, (int) pictures.getShape().get(0)).mapToObj(i -> RgbFrame.ofUnit(width, height, values, i)).toList();
    }

    static int[] mostVaried(float[][] z, int count) {
        return IntStream.range(0, z[0].length).boxed().sorted(Comparator.comparingDouble(j -> -variance(z, j))).limit(count)
                .mapToInt(Integer::intValue).toArray();
    }

    private static double variance(float[][] z, int coordinate) {
        double mean = Arrays.stream(z).mapToDouble(row -> row[coordinate]).average().orElseThrow();
        return Arrays.stream(z).mapToDouble(row -> Math.pow(row[coordinate] - mean, 2)).average().orElseThrow();
    }
}
