package worldmodels.env.carracing;

/**
 * The area average by which a long line of pixels shrinks to a short one, as pygame's {@code smoothscale} does it in 14-bit fixed point
 * with every stage cut off: output k sums its whole pixels, adds the cut-off share of the pixel at either end, and multiplies by the
 * cut-off reciprocal of its width. Flat colours lose 1 per pass. Neighbouring outputs share one pixel.
 *
 * <p>Colours travel as three 12-bit sums in one long: red at bit 48, green at bit 24, blue at bit 0.
 */
final class AreaAverage {

    private static final int ONE = 0x4000;
    private static final int RED = 48;
    private static final int GREEN = 24;
    private static final long BELOW_RED = (1L << RED) - 1;
    private static final long GREEN_BLUE = 0xFFL << GREEN | 0xFF;

    /** The pixel that output k shares with the one before it, and its weight in 1/16384 (0 for k = 0). */
    final int[] first;
    final int[] firstWeight;
    /** Whole pixels of output k: from {@code whole[k]} up to, not including, {@code last[k]}. */
    final int[] whole;
    /** The pixel that output k shares with the one after it, and its weight. */
    final int[] last;
    final int[] lastWeight;

    private final int reciprocal;

    AreaAverage(int pixels, int outputs) {
        int width = ONE * pixels / outputs;
        reciprocal = (ONE << 16) / width;
        first = new int[outputs];
        firstWeight = new int[outputs];
        whole = new int[outputs];
        last = new int[outputs];
        lastWeight = new int[outputs];
        int left = width;
        for (int k = 0, pixel = 0; k < outputs; k++) {
            whole[k] = pixel;
            first[k] = k == 0 ? 0 : last[k - 1];
            firstWeight[k] = k == 0 ? 0 : ONE - lastWeight[k - 1];
            while (left > ONE) {
                pixel++;
                left -= ONE;
            }
            last[k] = pixel++;
            lastWeight[k] = left;
            left += width - ONE;
        }
    }

    static long colour(int rgb) {
        return (long) (rgb >> 16 & 0xFF) << RED | (long) (rgb >> 8 & 0xFF) << GREEN | rgb & 0xFF;
    }

    /** A colour moved towards another by {@code alpha} / 256, each channel cut off downwards. */
    static long blend(long from, long to, int alpha) {
        return (from * (256 - alpha) + to * alpha >>> 8) & (GREEN_BLUE | 0xFFL << RED);
    }

    static int red(long colour) {
        return (int) (colour >>> RED);
    }

    static int green(long colour) {
        return (int) (colour >>> GREEN) & 0xFF;
    }

    static int blue(long colour) {
        return (int) colour & 0xFF;
    }

    /** The share of one end pixel, channel by channel. */
    static long share(long colour, int weight) {
        return ((colour & GREEN_BLUE) * weight >>> 14) & GREEN_BLUE | (colour >>> RED) * weight >>> 14 << RED;
    }

    /** The average that belongs to a sum of whole pixels and shares. */
    long average(long sum) {
        return ((sum & BELOW_RED) * reciprocal >>> 16) & GREEN_BLUE | (sum >>> RED) * reciprocal >>> 16 << RED;
    }

    /** What a flat colour becomes; it is the same at every output for every 8-bit value (tested). */
    long flat(long colour) {
        return flat(colour, 1);
    }

    long flat(long colour, int k) {
        return average(share(colour, firstWeight[k]) + (last[k] - whole[k]) * colour + share(colour, lastWeight[k]));
    }
}
