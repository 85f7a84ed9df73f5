package worldmodels.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadataNode;
import org.junit.jupiter.api.Test;
import worldmodels.run.KitException;

class AnimatedGifTest {

    private static final int SCALE = 3;
    private static final int GAP = 4;

    /** A red square driving over green and grey, with a shade of each. */
    private static final List<RgbFrame> DRIVE = IntStream.range(0, 30).mapToObj(AnimatedGifTest::scene).toList();
    private static final List<RgbFrame> DIMMED = DRIVE.stream().map(AnimatedGifTest::dimmed).toList();

    @Test
    void readsBackWithItsFramesDelayLoopAndColours() throws IOException {
        byte[] gif = new AnimatedGif(25, SCALE).panel("CarRacing", DRIVE).panel("reconstruction", DIMMED).encoded().bytes();
        assertTrue(new String(gif, StandardCharsets.ISO_8859_1).contains("NETSCAPE2.0"), "loops");
        ImageReader reader = reader(gif);
        assertEquals(30, reader.getNumImages(true));
        BufferedImage canvas = new BufferedImage(reader.getWidth(0), reader.getHeight(0), BufferedImage.TYPE_INT_RGB);
        assertEquals(GAP + 2 * (64 * SCALE + GAP), canvas.getWidth());
        Graphics2D g = canvas.createGraphics();
        for (int i = 0; i < 30; i++) {
            assertEquals("4", control(reader, i).getAttribute("delayTime"));
            g.drawImage(reader.read(i), 0, 0, null);
            assertClose(DRIVE.get(i), canvas, GAP);
            assertClose(DIMMED.get(i), canvas, GAP + 64 * SCALE + GAP);
        }
        assertTrue(gif.length < 60_000, "unchanged pixels cost little: " + gif.length + " bytes");
    }

    @Test
    void keepsToASizeWithFewerFramesThatStandLonger() throws IOException {
        AnimatedGif drive = new AnimatedGif(25, SCALE).panel("reconstruction", DIMMED);
        int whole = drive.encoded().bytes().length;
        AnimatedGif.Encoded half = drive.encoded(whole / 2);
        assertTrue(half.bytes().length <= whole / 2 && half.every() >= 2, half.bytes().length + " of " + whole + " bytes");
        ImageReader reader = reader(half.bytes());
        assertEquals(Math.ceilDiv(30, half.every()), reader.getNumImages(true));
        assertEquals(Integer.toString(4 * half.every()), control(reader, 1).getAttribute("delayTime"));
        BufferedImage canvas = new BufferedImage(reader.getWidth(0), reader.getHeight(0), BufferedImage.TYPE_INT_RGB);
        canvas.createGraphics().drawImage(reader.read(0), 0, 0, null);
        canvas.createGraphics().drawImage(reader.read(1), 0, 0, null);
        assertClose(DIMMED.get(half.every()), canvas, GAP);
        assertEquals(1, reader(drive.encoded(1).bytes()).getNumImages(true), "one frame is always there");
    }

    @Test
    void noFileIsLargerThanOneAndAHalfMegabytes() {
        Random random = new Random(1);
        List<RgbFrame> noise = IntStream.range(0, 100).mapToObj(i -> {
            byte[] rgb = new byte[3 * 64 * 64];
            for (int j = 0; j < rgb.length; j++) {
                rgb[j] = (byte) (85 * random.nextInt(4));
            }
            return new RgbFrame(64, 64, rgb);
        }).toList();
        AnimatedGif.Encoded encoded = new AnimatedGif(25, SCALE).panel("noise", noise).encoded();
        assertTrue(encoded.every() > 1 && encoded.bytes().length <= 1_500_000, encoded.every() + ", " + encoded.bytes().length);
    }

    @Test
    void aShorterPanelStandsStillAtItsEnd() {
        assertEquals(30, new AnimatedGif(50, 1).panel("a", DRIVE).panel("b", DIMMED.subList(0, 3)).length());
    }

    @Test
    void refusesWhatCannotPlay() {
        assertThrows(KitException.class, () -> new AnimatedGif(0, 1));
        assertThrows(KitException.class, () -> new AnimatedGif(10, 1).panel("a", List.of()));
        assertThrows(KitException.class, () -> new AnimatedGif(10, 1).encoded());
    }

    private static void assertClose(RgbFrame frame, BufferedImage canvas, int left) {
        for (int y = 0; y < 64; y += 3) {
            for (int x = 0; x < 64; x++) {
                int expected = frame.at(x, y);
                int actual = canvas.getRGB(left + x * SCALE + 1, GAP + y * SCALE + 1);
                for (int shift = 0; shift < 24; shift += 8) {
                    assertEquals(expected >> shift & 255, actual >> shift & 255, 12);
                }
            }
        }
    }

    private static ImageReader reader(byte[] gif) throws IOException {
        ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
        reader.setInput(ImageIO.createImageInputStream(new ByteArrayInputStream(gif)));
        return reader;
    }

    private static IIOMetadataNode control(ImageReader reader, int index) throws IOException {
        IIOMetadataNode root = (IIOMetadataNode) reader.getImageMetadata(index).getAsTree("javax_imageio_gif_image_1.0");
        return (IIOMetadataNode) root.getElementsByTagName("GraphicControlExtension").item(0);
    }

    private static RgbFrame scene(int time) {
        byte[] rgb = new byte[3 * 64 * 64];
        for (int y = 0; y < 64; y++) {
            for (int x = 0; x < 64; x++) {
                boolean car = Math.abs(x - 5 - 2 * time % 50) < 3 && Math.abs(y - 30) < 4;
                boolean road = Math.abs(y - 30) < 12;
                int colour = car ? 0xcc0000 : road ? 0x666666 : (x / 8 + y / 8) % 2 == 0 ? 0x66e566 : 0x66cc66;
                for (int channel = 0; channel < 3; channel++) {
                    rgb[3 * (y * 64 + x) + channel] = (byte) (colour >> 16 - 8 * channel);
                }
            }
        }
        return new RgbFrame(64, 64, rgb);
    }

    /** As a decoder would give it: many more colours. */
    private static RgbFrame dimmed(RgbFrame frame) {
        byte[] rgb = frame.rgb().clone();
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) ((rgb[i] & 255) * (150 + i / 3 % 64) / 255);
        }
        return new RgbFrame(64, 64, rgb);
    }
}
