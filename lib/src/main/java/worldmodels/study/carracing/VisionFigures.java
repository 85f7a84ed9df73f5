package worldmodels.study.carracing;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import worldmodels.nn.Compute;
import worldmodels.nn.Noise;
import worldmodels.report.Figure;
import worldmodels.report.ImageGrid;
import worldmodels.report.Plot;
import worldmodels.report.RgbFrame;
import worldmodels.vision.VisionModel;
import worldmodels.vision.VisionQuality;

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
     * The frame with the most road in it, with one latent coordinate at a time moved through the range; a row for each of the coordinates whose mean
     * varies most over the frames. Each row begins with the frame as V keeps it, under which stands what the coordinate truly is.
     *
     * @param frames of which one is changed; all of them tell which coordinates vary
     * @param rows   how many coordinates
     * @param values what each coordinate is set to, from left to right
     */
    public static Figure traversal(VisionModel vision, List<RgbFrame> frames, int rows, double... values) {
        float[][] z = means(vision, frames);
        float[] actual = z[frames.indexOf(mostRoad(frames))];
        List<float[]> moved = new ArrayList<>();
        List<String> captions = new ArrayList<>();
        for (int coordinate : mostVaried(z, rows)) {
            moved.add(actual);
            captions.add(String.format(Locale.ROOT, "it is %.1f", actual[coordinate]));
            for (double value : values) {
                float[] copy = actual.clone();
                copy[coordinate] = (float) value;
                moved.add(copy);
                captions.add("z" + coordinate + " = " + value);
            }
        }
        List<RgbFrame> pictures = decoded(vision, moved.toArray(float[][]::new));
        ImageGrid grid = new ImageGrid("One latent number at a time; on the left the frame as it is", values.length + 1, 2);
        for (int i = 0; i < pictures.size(); i++) {
            grid.add(pictures.get(i), captions.get(i));
        }
        return grid;
    }

    /** The frame with the most road: pixels that are grey, neither as dark nor as bright as anything else. */
    static RgbFrame mostRoad(List<RgbFrame> frames) {
        return Collections.max(frames, Comparator.comparingInt(VisionFigures::road));
    }

    private static int road(RgbFrame frame) {
        int road = 0;
        for (int i = 0; i < frame.rgb().length; i += 3) {
            int red = frame.rgb()[i] & 255;
            int green = frame.rgb()[i + 1] & 255;
            int blue = frame.rgb()[i + 2] & 255;
            boolean isGrey = Math.abs(red - green) < 12 && Math.abs(green - blue) < 12;
            road += isGrey && red > 80 && red < 140 ? 1 : 0;
        }
        return road;
    }

    /**
     * What z looks at: each frame above a map of it that is the brighter, the more z moves when that piece of the frame is painted over with the frame's mean
     * colour (occlusion).
     *
     * @param piece height and width in pixels of what is painted over, a divisor of the frame's
     */
    public static Figure saliency(VisionModel vision, List<RgbFrame> frames, int piece) {
        ImageGrid grid = new ImageGrid("Frames, and how much z moves where a piece of " + piece + " x " + piece + " pixels is painted over", frames.size(), 2).row("seen", frames);
        return grid.row("z's change", frames.stream().map(frame -> saliency(vision, frame, piece)).toList());
    }

    private static RgbFrame saliency(VisionModel vision, RgbFrame frame, int piece) {
        int columns = frame.width() / piece;
        int rows = frame.height() / piece;
        List<RgbFrame> painted = new ArrayList<>(List.of(frame));
        for (int i = 0; i < rows * columns; i++) {
            painted.add(paintedOver(frame, i % columns * piece, i / columns * piece, piece));
        }
        float[][] z = means(vision, painted);
        double[] moved = IntStream.range(1, z.length).mapToDouble(i -> distance(z[0], z[i])).toArray();
        double most = Arrays.stream(moved).max().orElseThrow();
        float[] grey = new float[frame.rgb().length];
        for (int i = 0; i < grey.length; i++) {
            int pixel = i / 3;
            int at = pixel / frame.width() / piece * columns + pixel % frame.width() / piece;
            grey[i] = (float) (most == 0 ? 0 : moved[at] / most);
        }
        return RgbFrame.ofUnit(frame.width(), frame.height(), grey, 0);
    }

    private static RgbFrame paintedOver(RgbFrame frame, int left, int top, int piece) {
        byte[] rgb = frame.rgb().clone();
        for (int colour = 0; colour < 3; colour++) {
            int c = colour;
            double mean = IntStream.range(0, rgb.length / 3).map(i -> frame.rgb()[3 * i + c] & 255).average().orElseThrow();
            for (int i = 0; i < piece * piece; i++) {
                rgb[3 * ((top + i / piece) * frame.width() + left + i % piece) + c] = (byte) Math.round(mean);
            }
        }
        return new RgbFrame(frame.width(), frame.height(), rgb);
    }

    private static double distance(float[] a, float[] b) {
        double sum = 0;
        for (int j = 0; j < a.length; j++) {
            sum += (a[j] - b[j]) * (a[j] - b[j]);
        }
        return Math.sqrt(sum);
    }

    /** How many nats each number of z holds on average, the fullest first: what lies below {@link VisionQuality#TELLING} tells nothing. */
    public static Figure nats(VisionQuality quality) {
        double[] nats = Arrays.stream(quality.divergence()).sorted().toArray();
        double[] rank = new double[nats.length];
        double[] fullest = new double[nats.length];
        for (int i = 0; i < nats.length; i++) {
            rank[i] = i + 1;
            fullest[i] = nats[nats.length - 1 - i];
        }
        return new Plot("What each number of z holds", "numbers of z, the fullest first", "nats").wholeX().scatter("divergence from N(0, 1)", rank, fullest)
                .level("tells nothing below " + VisionQuality.TELLING, VisionQuality.TELLING);
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
