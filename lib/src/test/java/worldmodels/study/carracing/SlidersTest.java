package worldmodels.study.carracing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import worldmodels.memory.LatentEpisode;
import worldmodels.memory.MdnRnn;
import worldmodels.memory.MdnRnnShape;
import worldmodels.memory.MemoryState;
import worldmodels.memory.Mixture;
import worldmodels.nn.Compute;
import worldmodels.report.Interactive;
import worldmodels.report.RgbFrame;
import worldmodels.vision.ConvVae;
import worldmodels.vision.VaeGan;

/** What the pages of z and of mixtures are given; that they can be moved is shown in a browser (environment/tests). */
class SlidersTest {

    private static NDManager manager;

    @BeforeAll
    static void open() {
        manager = Compute.newManager();
    }

    @AfterAll
    static void close() {
        manager.close();
    }

    @Test
    void zBeginsFromTheFirstFramesAndMovesWhatVariesMost() {
        ConvVae vision = new ConvVae(manager, 6, 1);
        List<RgbFrame> frames = IntStream.range(0, 5).mapToObj(SlidersTest::noise).toList();
        JsonObject data = data(LatentSliders.of(vision, frames, 2, 3));
        float[][] z = VisionFigures.means(vision, frames);
        assertEquals(2, data.getAsJsonArray("frames").size());
        assertEquals(z[1][4], floats(data.getAsJsonArray("frames").get(1).getAsString()).getFloat(4 * Float.BYTES));
        int[] coordinates = VisionFigures.mostVaried(z, 3);
        for (int i = 0; i < 3; i++) {
            assertEquals(coordinates[i], data.getAsJsonArray("coordinates").get(i).getAsInt());
        }
    }

    @Test
    void whereTheDecoderDoesNotFitThereIsAPictureAlone() {
        Interactive page = LatentSliders.of(new VaeGan(manager, 6, 1), List.of(noise(0)), 1, 3);
        assertTrue(page.html().contains("<img"));
        assertFalse(page.html().contains("<script"));
    }

    @Test
    void everyStepHasTheMixturesOfMAndWhatCame() {
        MdnRnn memory = new MdnRnn(manager, MdnRnnShape.carRacing(6), 1);
        LatentEpisode episode = episode(30);
        JsonObject data = data(MixtureSliders.of(memory, episode, 4, 10, 5, 2));
        assertEquals(10, data.getAsJsonArray("steps").size());
        MemoryState state = memory.initial(1);
        for (int t = 0; t <= 6; t++) {
            state.advance(episode.mean(t), episode.action(t));
        }
        Mixture expected = memory.predict(state).latent();
        JsonObject step = data.getAsJsonArray("steps").get(2).getAsJsonObject();
        // Component 3 of the second coordinate, which is number 2 of z.
        assertEquals(expected.mean()[3 * 6 + 2], floats(step.get("means").getAsString()).getFloat((3 * 2 + 1) * Float.BYTES));
        assertEquals(episode.mean(7, 2), step.getAsJsonArray("came").get(1).getAsFloat());
        assertEquals(25, data(MixtureSliders.of(memory, episode, 4, 100, 5)).getAsJsonArray("steps").size(), "to the episode's end");
    }

    private static LatentEpisode episode(int frames) {
        Random random = new Random(1);
        float[] mean = new float[6 * frames];
        for (int i = 0; i < mean.length; i++) {
            mean[i] = (float) random.nextGaussian();
        }
        return new LatentEpisode(6, mean, new float[6 * frames], new float[3 * frames], new float[frames], false);
    }

    private static RgbFrame noise(int seed) {
        byte[] rgb = new byte[3 * 64 * 64];
        new Random(seed).nextBytes(rgb);
        return new RgbFrame(64, 64, rgb);
    }

    private static ByteBuffer floats(String base64) {
        return ByteBuffer.wrap(Base64.getDecoder().decode(base64)).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static JsonObject data(Interactive page) {
        return JsonParser.parseString(new Gson().toJson(page.data())).getAsJsonObject();
    }
}
