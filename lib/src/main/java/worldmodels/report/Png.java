package worldmodels.report;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import worldmodels.run.KitException;

/** PNG pictures, lossless. */
public final class Png {

    static {
        // No cache files on disk for pictures of a few hundred kilobytes.
        ImageIO.setUseCache(false);
    }

    private Png() {}

    public static byte[] bytes(BufferedImage image) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", out);
        } catch (IOException e) {
            throw new AssertionError("writing to memory does not fail", e);
        }
        return out.toByteArray();
    }

    /** @throws KitException if the file is missing or is no picture */
    public static RgbFrame read(Path file) {
        try {
            BufferedImage image = ImageIO.read(new ByteArrayInputStream(Files.readAllBytes(file)));
            if (image == null) {
                throw new KitException(file + " is not a PNG picture.");
            }
            return RgbFrame.of(image);
        } catch (IOException e) {
            throw new KitException("Cannot read the picture " + file + "; check that it exists and is whole.", e);
        }
    }
}
