package worldmodels.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckoutTest {

    @TempDir
    Path folder;

    @Test
    void namesTheCommitAndWhetherSourcesDiffer() throws Exception {
        assumeTrue(git("init", "-q") == 0, "git is not installed");
        write("source.txt", "1");
        git("add", ".");
        git("-c", "user.name=n", "-c", "user.email=e@example.org", "-c", "commit.gpgsign=false", "commit", "-q", "-m", "first");
        Checkout clean = Checkout.of(folder);
        assertTrue(clean.commit().matches("[0-9a-f]{40}"), clean.commit());
        assertFalse(clean.modified());
        write("results/smoke/table.csv", "written by the kit");
        assertFalse(Checkout.of(folder).modified(), "results are no sources");
        write("source.txt", "2");
        assertTrue(Checkout.of(folder).modified());
        assertEquals(clean.commit(), Checkout.of(folder.resolve("results")).commit());
    }

    @Test
    void saysUnknownOutsideACheckout() {
        assumeTrue(System.getenv("WM_COMMIT") == null);
        assertEquals(new Checkout("unknown", false), Checkout.of(folder));
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private int git(String... arguments) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of("git", "-C", folder.toString()));
        command.addAll(List.of(arguments));
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor();
        } catch (IOException e) {
            return -1;
        }
    }
}
