package worldmodels.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import worldmodels.run.KitException;

class PlayerTest {

    private static final List<RgbFrame> COLOURS = IntStream.range(0, 30).mapToObj(t -> plain(20, 12, 8 * t, 255 - 8 * t, 40)).toList();
    private static final List<RgbFrame> GREYS = IntStream.range(0, 30).mapToObj(t -> plain(16, 16, 8 * t, 8 * t, 8 * t)).toList();

    @Test
    void everyFrameOfEveryPanelLiesWhereThePlayerLooksForIt() throws IOException {
        Interactive player = Player.of(new AnimatedGif(25, 2).panel("colours", COLOURS).panel("greys", GREYS));
        JsonObject film = film(player);
        assertEquals(30, film.get("frames").getAsInt());
        assertEquals(8, film.get("columns").getAsInt());
        int rows = film.get("rows").getAsInt();
        assertEquals(4, rows);
        BufferedImage sheet = sheet(player);
        assertEquals(8 * 24, sheet.getWidth());
        assertEquals(4 * 2 * 16, sheet.getHeight());
        for (int t = 0; t < 30; t++) {
            assertClose(COLOURS.get(t), sheet, t / rows * 24, t % rows * 2 * 16);
            assertClose(GREYS.get(t), sheet, t / rows * 24, (t % rows * 2 + 1) * 16);
        }
    }

    @Test
    void aShorterPanelStandsStillAtItsEnd() throws IOException {
        Interactive player = Player.of(new AnimatedGif(25, 1).panel("colours", COLOURS).panel("greys", GREYS.subList(0, 3)));
        assertClose(GREYS.get(2), sheet(player), 29 / 4 * 24, (29 % 4 * 2 + 1) * 16);
    }

    @Test
    void whatTakesTooMuchIsShownWithFewerFramesThatStandLonger() throws IOException {
        Random random = new Random(1);
        List<RgbFrame> noise = IntStream.range(0, 60).mapToObj(t -> {
            byte[] rgb = new byte[3 * 200 * 200];
            random.nextBytes(rgb);
            return new RgbFrame(200, 200, rgb);
        }).toList();
        Interactive player = Player.of(new AnimatedGif(25, 1).panel("noise", noise));
        JsonObject film = film(player);
        int every = film.get("every").getAsInt();
        assertTrue(every > 1, "one of " + every);
        assertEquals(Math.ceilDiv(60, every), film.get("frames").getAsInt());
        assertEquals("animation of 60 frames, one of " + every + " is shown", player.title());
        assertTrue(jpeg(player).length <= AnimatedGif.LARGEST, jpeg(player).length + " bytes");
    }

    @Test
    void isTheSameTextOnEveryRunAndEveryAnimationHasANameOfItsOwn() {
        Pattern name = Pattern.compile("data-live=\"(\\S+)\"");
        Matcher one = name.matcher(Player.of(new AnimatedGif(25, 1).panel("a", COLOURS)).html());
        Matcher again = name.matcher(Player.of(new AnimatedGif(25, 1).panel("a", COLOURS)).html());
        Matcher other = name.matcher(Player.of(new AnimatedGif(10, 1).panel("a", COLOURS)).html());
        assertTrue(one.find() && again.find() && other.find());
        assertEquals(one.group(1), again.group(1));
        assertFalse(one.group(1).equals(other.group(1)));
    }

    @Test
    void whatAFrameIsCalledEndsNoScript() {
        String html = Player.of(new AnimatedGif(25, 1).panel("</script><b>", COLOURS)).html();
        assertEquals(1, html.split("</script>", -1).length - 1);
        assertFalse(html.contains("<b>"));
    }

    @Test
    void refusesWhatCannotPlay() {
        assertThrows(KitException.class, () -> Player.of(new AnimatedGif(10, 1)));
        assertThrows(KitException.class, () -> new AnimatedGif(10, 1).trace("reward", 0, 1));
    }

    private static JsonObject film(Interactive player) {
        return JsonParser.parseString(new Gson().toJson(player.data())).getAsJsonObject();
    }

    private static byte[] jpeg(Interactive player) {
        Matcher data = Pattern.compile("data:image/jpeg;base64,([^\"]+)").matcher(player.html());
        assertTrue(data.find());
        return Base64.getDecoder().decode(data.group(1));
    }

    private static BufferedImage sheet(Interactive player) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(jpeg(player)));
    }

    private static void assertClose(RgbFrame frame, BufferedImage sheet, int left, int top) {
        for (int y = 0; y < frame.height(); y += 5) {
            for (int x = 0; x < frame.width(); x += 3) {
                int expected = frame.at(x, y);
                int actual = sheet.getRGB(left + x, top + y);
                for (int shift = 0; shift < 24; shift += 8) {
                    assertEquals(expected >> shift & 255, actual >> shift & 255, 6);
                }
            }
        }
    }

    private static RgbFrame plain(int width, int height, int... colour) {
        byte[] rgb = new byte[3 * width * height];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) colour[i % 3];
        }
        return new RgbFrame(width, height, rgb);
    }
}
