package worldmodels.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import worldmodels.run.KitException;
import worldmodels.run.Progress;

class EncodedStoreTest {

    private static final int EPISODES = 20;
    private static final int LATENT = 2;

    @TempDir
    private Path folder;
    private EpisodeStore recorded;
    private final AtomicInteger framesEncoded = new AtomicInteger();

    /** mu = (episode, step), logvar = (-step, 0). */
    private final EncodedStore.Encoder encoder = (frames, count, mu, logvar) -> {
        framesEncoded.addAndGet(count);
        for (int i = 0; i < count; i++) {
            mu[i * LATENT] = frames.get(i * NumberedWorld.BYTES);
            mu[i * LATENT + 1] = frames.get(i * NumberedWorld.BYTES + 1);
            logvar[i * LATENT] = -mu[i * LATENT + 1];
            logvar[i * LATENT + 1] = 0;
        }
    };

    @BeforeEach
    void record() {
        recorded = FrameBatchesTest.recordNumbered(folder.resolve("recorded"), EPISODES);
    }

    private EncodedStore encode(Npy.Type type) {
        EncodedStore store = new EncodedStore(folder.resolve("encoded"));
        store.encode(recorded, recorded.episodes(), LATENT, type, encoder, Progress.NONE);
        return store;
    }

    @Test
    void encodesEachEpisodeOnceAndDamagedOnesAgain() throws IOException {
        EncodedStore store = encode(Npy.Type.FLOAT16);
        int all = recorded.episodes().stream().mapToInt(StoredEpisode::length).sum();
        assertEquals(all, framesEncoded.get());
        encode(Npy.Type.FLOAT16);
        assertEquals(all, framesEncoded.get());
        StoredEpisode lost = store.episodes().get(4);
        Files.write(folder.resolve("encoded").resolve(lost.file()), new byte[50]);
        assertEquals(lost, store.verify(Progress.NONE).getFirst().episode());
        assertTrue(assertThrows(KitException.class, () -> store.read(lost)).getMessage().contains("encode"));
        List<StoredEpisode> before = store.episodes();
        assertEquals(before, encode(Npy.Type.FLOAT16).episodes());
        assertEquals(all + lost.length(), framesEncoded.get());
        assertEquals(List.of(), store.verify(Progress.NONE));
    }
}
