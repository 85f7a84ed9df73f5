package worldmodels.env;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import worldmodels.Golden;
import worldmodels.run.KitException;

/**
 * Against Pillow 9.4.0: worldmodels_cropped.png and worldmodels_with_bar.png were resized by {@code Image.resize((64, 64), BILINEAR)} from
 * the first 84 rows and from all rows of frame_random_held_5.png.
 */
class WorldModelsFrameTest {

    @Test
    void equalsPillow() throws IOException {
        assertArrayEquals(bytes("worldmodels_cropped.png"), resized(WorldModelsFrame.croppedResize()));
        assertArrayEquals(bytes("worldmodels_with_bar.png"), resized(WorldModelsFrame.resizeWithBar()));
    }

    @Test
    void wrapsAnEnvironmentOfPixels() throws IOException {
        byte[] picture = bytes("frame_random_held_5.png");
        WorldModelsFrame frame = WorldModelsFrame.cropped(new Still(picture, Space.pixels(96, 96)));
        ByteBuffer target = ByteBuffer.allocate(frame.observationSpace().bytes());
        frame.observe(target);
        assertEquals(64 * 64 * 3, target.position());
        assertArrayEquals(bytes("worldmodels_cropped.png"), target.array());
    }

    @Test
    void refusesOtherPictures() {
        KitException refused = assertThrows(KitException.class,
                () -> WorldModelsFrame.cropped(new Still(new byte[0], Space.pixels(64, 64))));
        assertEquals("World Models frames are made from 96 x 96 x 3 pixels, not from [64, 64, 3]; wrap an environment such as CarRacing.",
                refused.getMessage());
        assertThrows(KitException.class,
                () -> WorldModelsFrame.croppedResize().resize(ByteBuffer.allocate(100), ByteBuffer.allocate(64 * 64 * 3)));
    }

    private static byte[] resized(TriangleResize resize) throws IOException {
        byte[] target = new byte[64 * 64 * 3];
        resize.resize(ByteBuffer.wrap(bytes("frame_random_held_5.png")), ByteBuffer.wrap(target));
        return target;
    }

    private static byte[] bytes(String file) throws IOException {
        try (InputStream in = Golden.open("carracing/" + file)) {
            BufferedImage image = ImageIO.read(in);
            ByteBuffer bytes = ByteBuffer.allocate(image.getWidth() * image.getHeight() * 3);
            for (int i = 0; i < image.getWidth() * image.getHeight(); i++) {
                int rgb = image.getRGB(i % image.getWidth(), i / image.getWidth());
                bytes.put((byte) (rgb >> 16)).put((byte) (rgb >> 8)).put((byte) rgb);
            }
            return bytes.array();
        }
    }

    /** An environment that shows one picture. */
    private record Still(byte[] picture, Space observationSpace) implements Environment {

        @Override
        public Space actionSpace() {
            return Space.vector(new double[] {-1}, new double[] {1});
        }

        @Override
        public void reset(long seed) {}

        @Override
        public Transition step(double[] action) {
            return new Transition(0, false, false);
        }

        @Override
        public void observe(ByteBuffer target) {
            target.put(picture);
        }
    }
}
