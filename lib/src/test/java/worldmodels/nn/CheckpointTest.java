package worldmodels.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import worldmodels.run.KitException;

class CheckpointTest {

    @TempDir
    Path folder;

    private final NDManager manager = Compute.newManager();
    private Path file;

    @BeforeEach
    void write() {
        file = folder.resolve("model.safetensors");
        Map<String, NDArray> tensors = new LinkedHashMap<>();
        tensors.put("weight", manager.create(new float[] {1, 2, 3, 4, 5, 6}, new Shape(2, 3)));
        tensors.put("steps", manager.create(new long[] {77}));
        tensors.put("scalar", manager.create(2.5f));
        Checkpoint.write(file, "ConvVae", Map.of("latent", "32", "step", "120"), tensors);
    }

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void givesBackWhatWasWritten() {
        Checkpoint read = Checkpoint.read(file, "ConvVae").require(Map.of("latent", "32"));
        assertEquals(120, read.number("step"));
        assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, read.tensor(manager, "weight").toFloatArray());
        assertArrayEquals(new long[] {77}, read.tensor(manager, "steps").toLongArray());
        assertEquals(new Shape(), read.tensor(manager, "scalar").getShape());
        assertEquals(2.5f, read.tensor(manager, "scalar").toFloatArray()[0]);
    }

    @Test
    void isAFileOfTheSafetensorsFormat() throws IOException {
        NDList byDjl = NDList.decode(manager, Files.newInputStream(file));
        assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, byDjl.get("weight").toFloatArray());
        assertEquals(3, byDjl.size());
    }

    @Test
    void refusesATruncatedFileAtEveryLength() throws IOException {
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertTrue(refusal().contains("damaged"), "length " + length);
        }
    }

    @Test
    void refusesAnyAlteredByte() throws IOException {
        byte[] whole = Files.readAllBytes(file);
        for (int i = 0; i < whole.length; i++) {
            byte[] altered = whole.clone();
            altered[i] ^= 1;
            Files.write(file, altered);
            String message = refusal();
            assertTrue(message.contains("damaged") && message.contains(file.toString()), "byte " + i + ": " + message);
        }
    }

    @Test
    void refusesAnotherKind() {
        assertEquals("Checkpoint " + file + " holds ConvVae, not MdnRnn; choose the right file or remove it.",
                assertThrows(KitException.class, () -> Checkpoint.read(file, "MdnRnn")).getMessage());
    }

    @Test
    void refusesAnotherSettingByName() {
        Checkpoint read = Checkpoint.read(file, "ConvVae");
        String message = assertThrows(KitException.class, () -> read.require(Map.of("latent", "64"))).getMessage();
        assertTrue(message.contains("latent = 32") && message.contains("64"), message);
    }

    @Test
    void refusesAnotherShapeByName() {
        Checkpoint read = Checkpoint.read(file, "ConvVae");
        String message = assertThrows(KitException.class, () -> read.copyInto("weight", manager.zeros(new Shape(3, 2)))).getMessage();
        assertTrue(message.contains("weight of float32 [2, 3]") && message.contains("[3, 2]"), message);
        message = assertThrows(KitException.class, () -> read.copyInto("bias", manager.zeros(new Shape(3)))).getMessage();
        assertTrue(message.contains("no tensor bias"), message);
    }

    @Test
    void saysWhenThereIsNone() {
        Path missing = folder.resolve("none.safetensors");
        String message = assertThrows(KitException.class, () -> Checkpoint.read(missing, "ConvVae")).getMessage();
        assertTrue(message.contains("no checkpoint " + missing), message);
    }

    private String refusal() {
        return assertThrows(KitException.class, () -> Checkpoint.read(file, "ConvVae")).getMessage();
    }
}
