package worldmodels.study.dream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import worldmodels.agent.Agent;
import worldmodels.agent.LatentChoice;
import worldmodels.controller.Features;
import worldmodels.memory.MdnRnn;
import worldmodels.memory.MdnRnnShape;
import worldmodels.nn.Compute;
import worldmodels.report.Interactive;
import worldmodels.report.RgbFrame;
import worldmodels.run.KitException;
import worldmodels.study.carracing.Drive;
import worldmodels.vision.ConvVae;
import worldmodels.vision.VaeGan;
import worldmodels.vision.VisionModel;

/** What the page is made of; that it drives as the library does is shown in a browser (environment/tests). */
class DriveInTheDreamTest {

    private static NDManager manager;
    private static Agent agent;

    @BeforeAll
    static void make() {
        manager = Compute.newManager();
        agent = agent(new ConvVae(manager, 4, 1), Features.Z_H);
    }

    @AfterAll
    static void close() {
        manager.close();
    }

    @Test
    void holdsAnAgentsPartsInLittleMoreThanAMegabyte() {
        Interactive page = DriveInTheDream.of(agent, drive(200));
        JsonObject data = data(page);
        assertEquals(4 * 256, data.getAsJsonObject("memory").getAsJsonObject("gates").get("rows").getAsInt());
        assertEquals(4 + 3 + 256, data.getAsJsonObject("memory").getAsJsonObject("gates").get("columns").getAsInt());
        assertEquals(5, data.getAsJsonArray("beginnings").size());
        int size = page.html().length();
        assertTrue(size > 500_000 && size < 1_300_000, size + " characters");
        assertTrue(page.picture().contains("data:image/jpeg"), "a picture where scripts are off");
    }

    @Test
    void theDecodersFirstTwoLayersAreOneMatrix() {
        float[] z = {0.3f, -1.2f, 0.8f, 2};
        JsonObject decoder = data(DriveInTheDream.of(agent, drive(100))).getAsJsonObject("decoder");
        assertEquals(5, decoder.get("side").getAsInt());
        assertEquals(5 * 5 * 128, decoder.getAsJsonObject("first").get("rows").getAsInt());
        // Dense, then 5 x 5 kernels on a picture of one pixel, by hand for one place of one channel.
        float[] dense = agent.vision().parameters().array("dec_fc.weight").toFloatArray();
        float[] kernels = agent.vision().parameters().array("dec_deconv1.weight").toFloatArray();
        int place = 7;
        int channel = 90;
        double expected = 0;
        for (int f = 0; f < 1024; f++) {
            double h = 0;
            for (int j = 0; j < 4; j++) {
                h += dense[4 * f + j] * z[j];
            }
            expected += h * kernels[(f * 128 + channel) * 25 + place];
        }
        int row = place * 128 + channel;
        byte[] values = Base64.getDecoder().decode(decoder.getAsJsonObject("first").get("values").getAsString());
        float scale = ByteBuffer.wrap(Base64.getDecoder().decode(decoder.getAsJsonObject("first").get("scales").getAsString()))
                .order(ByteOrder.LITTLE_ENDIAN).getFloat(4 * row);
        double inPage = 0;
        for (int j = 0; j < 4; j++) {
            inPage += values[4 * row + j] * scale * z[j];
        }
        assertEquals(expected, inPage, 4 * scale);
    }

    @Test
    void whereTheDecoderDoesNotFitTheDreamIsAFilmStrip() {
        VisionModel other = new VaeGan(manager, 4, 1);
        Interactive page = DriveInTheDream.of(agent(other, Features.Z_H), drive(100));
        assertTrue(page.html().contains("<img"));
        assertFalse(page.html().contains("<script"));
    }

    @Test
    void refusesAnotherCAndADriveThatIsOverTooSoon() {
        assertTrue(assertThrows(KitException.class, () -> DriveInTheDream.of(agent(agent.vision(), Features.Z), drive(100))).getMessage().contains("linear C"));
        assertTrue(assertThrows(KitException.class, () -> DriveInTheDream.of(agent, drive(60))).getMessage().contains("too short"));
    }

    private static Agent agent(VisionModel vision, Features features) {
        MdnRnn memory = new MdnRnn(manager, MdnRnnShape.carRacing(4), 1);
        return new Agent(vision, memory, features, LatentChoice.MEAN, new double[Agent.controller(vision, memory, features).parameterCount()]);
    }

    private static Drive drive(int steps) {
        Random random = new Random(1);
        float[][] latents = new float[steps][4];
        double[][] actions = new double[steps][3];
        for (int t = 0; t < steps; t++) {
            for (int j = 0; j < 4; j++) {
                latents[t][j] = (float) random.nextGaussian();
            }
            actions[t] = new double[] {random.nextDouble() * 2 - 1, random.nextDouble(), 0};
        }
        List<RgbFrame> frames = Collections.nCopies(steps, new RgbFrame(64, 64, new byte[3 * 64 * 64]));
        return new Drive(frames, latents, actions, new double[steps]);
    }

    private static JsonObject data(Interactive page) {
        return JsonParser.parseString(new Gson().toJson(page.data())).getAsJsonObject();
    }
}
