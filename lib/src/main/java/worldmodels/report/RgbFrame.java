package worldmodels.report;

import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import worldmodels.env.Environment;
import worldmodels.run.KitException;

/**
 * One picture as environments and models have it.
 *
 * @param width  pixels
 * @param height pixels
 * @param rgb    (height, width, 3), unsigned bytes, top row first; not copied
 */
public record RgbFrame(int width, int height, byte[] rgb) {

    public RgbFrame {
        if (rgb.length != 3 * width * height) {
            throw new KitException("A " + width + " x " + height + " RGB frame has " + 3 * width * height + " bytes, not " + rgb.length
                    + "; give pixels as (height, width, 3).");
        }
    }

    /**
     * @param values (..., height, width, 3) in [0, 1], as {@code VisionModel.decode} gives them; values outside are clipped
     * @param index  which picture of the batch
     */
    public static RgbFrame ofUnit(int width, int height, float[] values, int index) {
        byte[] rgb = new byte[3 * width * height];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) Math.round(255 * Math.clamp(values[index * rgb.length + i], 0f, 1f));
        }
        return new RgbFrame(width, height, rgb);
    }

    /** What an environment with a picture shows now. */
    public static RgbFrame of(Environment environment) {
        int[] shape = environment.observationSpace().shape();
        byte[] rgb = new byte[environment.observationSpace().bytes()];
        environment.observe(ByteBuffer.wrap(rgb));
        return new RgbFrame(shape[1], shape[0], rgb);
    }

    public static RgbFrame of(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        int[] packed = image.getRGB(0, 0, width, height, null, 0, width);
        byte[] rgb = new byte[3 * packed.length];
        for (int i = 0; i < packed.length; i++) {
            rgb[3 * i] = (byte) (packed[i] >> 16);
            rgb[3 * i + 1] = (byte) (packed[i] >> 8);
            rgb[3 * i + 2] = (byte) packed[i];
        }
        return new RgbFrame(width, height, rgb);
    }

    /** @return the pixel as 0xRRGGBB */
    public int at(int x, int y) {
        int i = 3 * (y * width + x);
        return (rgb[i] & 255) << 16 | (rgb[i + 1] & 255) << 8 | rgb[i + 2] & 255;
    }

    /** Every pixel becomes a square of {@code scale} pixels: what the model saw, not a smoothed version of it. */
    public BufferedImage image(int scale) {
        BufferedImage image = new BufferedImage(width * scale, height * scale, BufferedImage.TYPE_INT_RGB);
        int[] row = new int[width * scale];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < row.length; x++) {
                row[x] = at(x / scale, y);
            }
            for (int copy = 0; copy < scale; copy++) {
                image.setRGB(0, y * scale + copy, row.length, 1, row, 0, row.length);
            }
        }
        return image;
    }
}
