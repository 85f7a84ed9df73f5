package worldmodels.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {

    @TempDir
    Path folder;

    @Test
    void anInterruptDuringAWriteLosesNothing() throws IOException {
        Path file = folder.resolve("a.txt");
        WholeFile.write(file, out -> {
            out.write("whole".getBytes(StandardCharsets.UTF_8));
            Thread.currentThread().interrupt();
        });
        assertTrue(Thread.interrupted(), "the interrupt is kept for the loop that asks for it");
        assertEquals("whole", Files.readString(file));
    }

    @Test
    void aFailedWriteLeavesTheOldFileAndNothingElse() throws IOException {
        Path file = folder.resolve("a.txt");
        WholeFile.writeText(file, "old");
        KitException error = assertThrows(KitException.class, () -> WholeFile.write(file, out -> {
            out.write(7);
            throw new IOException("No space left on device");
        }));
        assertTrue(error.getMessage().contains("a.txt") && error.getMessage().contains("No space left"), error.getMessage());
        assertEquals("old", Files.readString(file));
        try (var files = Files.list(folder)) {
            assertEquals(1, files.count());
        }
    }
}
