package worldmodels.report;

import java.awt.image.IndexColorModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Up to 255 colours that stand for all colours of an animation, found by median cut (Heckbert 1982): the box of colours with the largest
 * weighted spread is halved at its median until there are enough boxes; each box gives its mean. Index 255 is transparent.
 */
final class Palette {

    static final int TRANSPARENT = 255;

    /** Colours are told apart by their upper six bits per channel. */
    private static final int BITS = 6;
    private static final int CELLS = 1 << 3 * BITS;

    private final int[] colours;
    private final short[] nearest = new short[CELLS];

    private Palette(int[] colours) {
        this.colours = colours;
        Arrays.fill(nearest, (short) -1);
    }

    /** How often each colour occurs, and the sums that give its mean. */
    static final class Census {

        private final int[] counts = new int[CELLS];
        private final long[][] sums = new long[3][CELLS];

        void add(int[] pixels) {
            for (int pixel : pixels) {
                int cell = cell(pixel);
                counts[cell]++;
                for (int channel = 0; channel < 3; channel++) {
                    sums[channel][cell] += channel(pixel, channel);
                }
            }
        }

        Palette palette() {
            List<Entry> all = new ArrayList<>();
            for (int cell = 0; cell < CELLS; cell++) {
                if (counts[cell] > 0) {
                    double n = counts[cell];
                    // The square root keeps rare colours, a red car on a green field, from losing to the large areas.
                    all.add(new Entry(Math.sqrt(n), new double[] {sums[0][cell] / n, sums[1][cell] / n, sums[2][cell] / n}));
                }
            }
            PriorityQueue<Box> boxes = new PriorityQueue<>(Comparator.comparingDouble((Box box) -> -box.spread));
            boxes.add(new Box(all));
            while (boxes.size() < TRANSPARENT && boxes.peek().spread > 0) {
                boxes.addAll(boxes.poll().halves());
            }
            return new Palette(boxes.stream().mapToInt(Box::mean).sorted().toArray());
        }
    }

    private record Entry(double weight, double[] rgb) {}

    /** Some of the colours; {@code spread} is the weighted squared deviation along the channel that varies most. */
    private static final class Box {

        final List<Entry> entries;
        final double weight;
        final double[] mean = new double[3];
        final int widest;
        final double spread;

        Box(List<Entry> entries) {
            this.entries = entries;
            this.weight = entries.stream().mapToDouble(Entry::weight).sum();
            double[] deviation = new double[3];
            for (int channel = 0; channel < 3; channel++) {
                int c = channel;
                double m = entries.stream().mapToDouble(e -> e.weight * e.rgb[c]).sum() / weight;
                mean[c] = m;
                deviation[c] = entries.stream().mapToDouble(e -> e.weight * (e.rgb[c] - m) * (e.rgb[c] - m)).sum();
            }
            widest = deviation[0] >= deviation[1] && deviation[0] >= deviation[2] ? 0 : deviation[1] >= deviation[2] ? 1 : 2;
            // One colour cannot be halved, whatever rounding left of its deviation.
            spread = entries.size() == 1 ? 0 : deviation[widest];
        }

        List<Box> halves() {
            List<Entry> sorted = entries.stream().sorted(Comparator.comparingDouble(e -> e.rgb[widest])).toList();
            double below = 0;
            int cut = 0;
            while (cut < sorted.size() - 1 && (cut == 0 || below < weight / 2)) {
                below += sorted.get(cut++).weight;
            }
            return List.of(new Box(sorted.subList(0, cut)), new Box(sorted.subList(cut, sorted.size())));
        }

        int mean() {
            return (int) Math.round(mean[0]) << 16 | (int) Math.round(mean[1]) << 8 | (int) Math.round(mean[2]);
        }
    }

    /** @return the index of the colour nearest to a pixel's cell of colours */
    int index(int pixel) {
        int cell = cell(pixel);
        if (nearest[cell] < 0) {
            nearest[cell] = (short) nearestTo(pixel);
        }
        return nearest[cell];
    }

    IndexColorModel colours() {
        byte[][] channels = new byte[3][256];
        for (int i = 0; i < colours.length; i++) {
            for (int channel = 0; channel < 3; channel++) {
                channels[channel][i] = (byte) channel(colours[i], channel);
            }
        }
        return new IndexColorModel(8, 256, channels[0], channels[1], channels[2], TRANSPARENT);
    }

    private int nearestTo(int pixel) {
        int best = 0;
        int least = Integer.MAX_VALUE;
        for (int i = 0; i < colours.length; i++) {
            int distance = 0;
            for (int channel = 0; channel < 3; channel++) {
                int d = channel(pixel, channel) - channel(colours[i], channel);
                distance += d * d;
            }
            if (distance < least) {
                least = distance;
                best = i;
            }
        }
        return best;
    }

    private static int channel(int pixel, int channel) {
        return pixel >> 16 - 8 * channel & 255;
    }

    private static int cell(int pixel) {
        int cell = 0;
        for (int channel = 0; channel < 3; channel++) {
            cell = cell << BITS | channel(pixel, channel) >> 8 - BITS;
        }
        return cell;
    }
}
