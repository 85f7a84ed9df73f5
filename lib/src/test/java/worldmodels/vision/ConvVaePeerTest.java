package worldmodels.vision;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import worldmodels.nn.Adam;
import worldmodels.nn.Compute;
import worldmodels.nn.Gradients;

/** Five steps from the same weights, frames and noise as in PyTorch; {@code pytorch_case.py} beside the recording says how it was made. */
class ConvVaePeerTest {

    private static final int BATCH = 4;

    @Test
    void lossCurveEqualsPyTorchs() throws IOException {
        try (NDManager manager = Compute.newManager();
                ConvVae vae = new ConvVae(manager, 32, 0);
                Adam adam = new Adam(vae.parameters(), 1e-4f)) {
            setByFormula(manager, vae);
            ByteBuffer frames = ByteBuffer.allocateDirect(BATCH * ConvVae.FRAME_BYTES);
            for (int i = 0; i < frames.capacity(); i++) {
                frames.put(i, (byte) (i * 7 / 5 % 256));
            }
            JsonArray steps = recording().getAsJsonArray("steps");
            assertEquals(5, steps.size());
            for (int step = 0; step < 5; step++) {
                try (NDManager scope = manager.newSubManager(); Gradients.Tape tape = Gradients.record()) {
                    NDArray batch = scope.create(frames, new Shape(BATCH, 64, 64, 3), DataType.UINT8);
                    NDArray noise = scope.create(mixed(BATCH * 32, 100 + step, Math.sqrt(3)), new Shape(BATCH, 32));
                    VisionLearner.Loss loss = vae.loss(batch, noise, 0.5f);
                    JsonObject expected = steps.get(step).getAsJsonObject();
                    assertClose(expected.get("reconstruction").getAsDouble(), loss.reconstruction(), "reconstruction at step " + step);
                    assertClose(expected.get("divergence").getAsDouble(), loss.divergences().getFirst(), "divergence at step " + step);
                    tape.backward(loss.total());
                    adam.step();
                }
            }
        }
    }

    private static void assertClose(double expected, NDArray found, String what) {
        assertEquals(expected, found.toFloatArray()[0], 2e-5 * expected, what);
    }

    private static void setByFormula(NDManager manager, ConvVae vae) {
        int number = 0;
        for (String name : vae.parameters().names()) {
            Shape shape = vae.parameters().array(name).getShape();
            int count = (int) shape.size();
            try (NDManager scope = manager.newSubManager()) {
                if (name.endsWith(".bias")) {
                    vae.parameters().set(name, scope.create(mixed(count, number++ + 50, 0.01), shape));
                } else {
                    boolean deconvolution = name.startsWith("dec_deconv");
                    double scale = Math.sqrt(6.0 / (count / shape.get(deconvolution ? 1 : 0))) * (deconvolution ? 2 : 1);
                    vae.parameters().set(name, scope.create(mixed(count, number, scale), shape));
                }
            }
        }
    }

    /** Even numbers in [-scale, scale) from a hash of stream and index in 32-bit integers. */
    private static float[] mixed(int count, int stream, double scale) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            long h = (i + stream * 1000003L) * 2654435761L & 0xFFFFFFFFL;
            h = (h ^ h >>> 16) * 2246822519L & 0xFFFFFFFFL;
            h ^= h >>> 13;
            values[i] = (float) ((h / 0x1p31 - 1) * scale);
        }
        return values;
    }

    private static JsonObject recording() throws IOException {
        try (InputStream in = ConvVaePeerTest.class.getResourceAsStream("/vision/pytorch_case.json")) {
            return JsonParser.parseReader(new InputStreamReader(in, StandardCharsets.UTF_8)).getAsJsonObject();
        }
    }
}
