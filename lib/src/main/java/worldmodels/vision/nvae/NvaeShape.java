package worldmodels.vision.nvae;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import worldmodels.nn.Checkpoint;
import worldmodels.run.KitException;
import worldmodels.run.Settings.Key;
import worldmodels.run.Settings.Section;

/**
 * How large a hierarchy is. Pictures of 64 x 64 pixels are seen at 32, 16, 8 and 4 pixels with C, 2C, 4C and 8C channels; the top group is a
 * flat vector read from the last of these, the groups below it are grids of 8 x 8, 16 x 16 and 32 x 32.
 *
 * @param latentSize     numbers in the top vector, which M and C see
 * @param channels       C, a multiple of 4
 * @param groupsAt8      latent groups at 8 x 8
 * @param groupsAt16     latent groups at 16 x 16
 * @param groupsAt32     latent groups at 32 x 32
 * @param groupLatents   channels of each of these
 * @param encoderCells   residual cells at each scale of the encoder
 * @param decoderCells   residual cells at each scale of the decoder, and after each group
 * @param expansion      how many times wider the middle of a decoder cell is; 6 in the paper
 * @param pointwise      whether decoder cells see one pixel at a time, the thesis' variant for panda-gym
 * @param flows          autoregressive flows of each group's posterior below the top; 2 in the thesis
 * @param mixtures       components of {@link DiscretisedLogistics} that a pixel's colours are drawn from; 0 for a plain picture that is
 *                       compared by squared error, the thesis' choice
 */
@Section("nvae")
public record NvaeShape(@Key("vision.latent") int latentSize, int channels, int groupsAt8, int groupsAt16, int groupsAt32, int groupLatents, int encoderCells, int decoderCells,
        int expansion, boolean pointwise, int flows, int mixtures) {

    /** Height and width of a picture. */
    public static final int SIZE = 64;
    static final int TOP_SIDE = 4;

    public NvaeShape {
        positive("latentSize", latentSize);
        positive("groupLatents", groupLatents);
        positive("encoderCells", encoderCells);
        positive("decoderCells", decoderCells);
        positive("expansion", expansion);
        if (channels < 4 || channels % 4 != 0) {
            throw new KitException("NVAE's channels must be a multiple of 4, not " + channels + ", since each way down makes them in four parts.");
        }
        none("groups at 8 x 8", groupsAt8);
        none("groups at 16 x 16", groupsAt16);
        none("groups at 32 x 32", groupsAt32);
        none("flows", flows);
        none("mixtures", mixtures);
    }

    private static void none(String name, int value) {
        if (value < 0) {
            throw new KitException("NVAE cannot have " + value + " " + name + "; 0 leaves them out.");
        }
    }

    private static void positive(String name, int value) {
        if (value < 1) {
            throw new KitException("NVAE's " + name + " must be positive, not " + value + ".");
        }
    }

    /** Channels where pictures are {@code side} pixels wide. */
    int channelsAt(int side) {
        return channels * (SIZE / 2 / side);
    }

    /** With another number of mixtures. */
    public NvaeShape withMixtures(int other) {
        return new NvaeShape(latentSize, channels, groupsAt8, groupsAt16, groupsAt32, groupLatents, encoderCells, decoderCells, expansion, pointwise, flows, other);
    }

    /** Numbers that the decoder says of a pixel. */
    int channelsOfPicture() {
        return mixtures == 0 ? 3 : DiscretisedLogistics.channels(mixtures);
    }

    /** Latent groups below the top where pictures are {@code side} pixels wide. */
    int groupsAt(int side) {
        return switch (side) {
            case 8 -> groupsAt8;
            case 16 -> groupsAt16;
            case 32 -> groupsAt32;
            default -> 0;
        };
    }

    /** For {@link KlSchedule}: 1 for the top vector, then (side / 4)² for each group below it. */
    public double[] groupSizes() {
        List<Double> sizes = new ArrayList<>(List.of(1.0));
        for (int side = 2 * TOP_SIDE; side < SIZE; side *= 2) {
            sizes.addAll(Collections.nCopies(groupsAt(side), (double) side * side / (TOP_SIDE * TOP_SIDE)));
        }
        return sizes.stream().mapToDouble(size -> size).toArray();
    }

    /** The shape that a checkpoint names. */
    public static NvaeShape of(Checkpoint found) {
        return new NvaeShape(number(found, "latentSize"), number(found, "channels"), number(found, "groupsAt8"), number(found, "groupsAt16"),
                number(found, "groupsAt32"), number(found, "groupLatents"), number(found, "encoderCells"), number(found, "decoderCells"),
                number(found, "expansion"), number(found, "pointwise") == 1, number(found, "flows"), number(found, "mixtures"));
    }

    private static int number(Checkpoint found, String setting) {
        return (int) found.number(setting);
    }

    /** For a checkpoint. */
    public Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("latentSize", "" + latentSize);
        settings.put("channels", "" + channels);
        settings.put("groupsAt8", "" + groupsAt8);
        settings.put("groupsAt16", "" + groupsAt16);
        settings.put("groupsAt32", "" + groupsAt32);
        settings.put("groupLatents", "" + groupLatents);
        settings.put("encoderCells", "" + encoderCells);
        settings.put("decoderCells", "" + decoderCells);
        settings.put("expansion", "" + expansion);
        settings.put("pointwise", pointwise ? "1" : "0");
        settings.put("flows", "" + flows);
        settings.put("mixtures", "" + mixtures);
        return settings;
    }
}
