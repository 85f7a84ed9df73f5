package worldmodels.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import worldmodels.run.Cluster.Executor;

class ClusterTest {

    private static final Executor HERE = Executor.here("driver", "here", 1);

    @TempDir
    private Path folder;

    private static void refused(Executor executor, String... words) {
        String said = assertThrows(KitException.class, () -> executor.requireLike(HERE)).getMessage();
        for (String word : words) {
            assertTrue(said.contains(word), said);
        }
    }

    @Test
    void takesAnExecutorThatGivesTheSameBits() {
        Executor.here("7", "elsewhere", 8).requireLike(HERE);
    }

    @Test
    void refusesAnExecutorThatCouldGiveOthers() {
        refused(new Executor("7", "elsewhere", 1, 1, 1, "17.0.12", HERE.build(), HERE.vector()), "7 on elsewhere", "JDK 17.0.12", "JAVA_HOME");
        refused(new Executor("7", "elsewhere", 1, 1, 1, HERE.jdk(), new KitBuild("0.1.0", "0123456789ab"), HERE.vector()), "7 on elsewhere", "0123456789ab", "same build");
        assertTrue(HERE.vector(), "The tests run with the vector module");
        refused(new Executor("7", "elsewhere", 1, 1, 1, HERE.jdk(), HERE.build(), false), "7 on elsewhere", "jdk.incubator.vector");
    }

    @Test
    void withoutTheModuleASentenceSaysWhereItComesFrom() {
        assertEquals(Optional.empty(), Cluster.chosen());
        try {
            Cluster.choose("spark://127.0.0.1:1");
            String said = assertThrows(KitException.class, Cluster::chosen).getMessage();
            assertTrue(said.contains("spark://127.0.0.1:1") && said.contains("environment/cluster.sh"), said);
        } finally {
            Cluster.choose("");
        }
    }

    /** In a folder or in a jar, classes are what count: not their times, nor what lies beside them. */
    @Test
    void oneBuildIsKnownByItsClasses() throws IOException {
        Path classes = Files.createDirectories(folder.resolve("classes/a/b"));
        Files.writeString(classes.resolve("One.class"), "one");
        Files.writeString(classes.resolve("One$Two.class"), "two");
        String sum = KitBuild.sum(folder.resolve("classes"));
        try (FileSystem jar = FileSystems.newFileSystem(URI.create("jar:" + folder.resolve("kit.jar").toUri()), Map.of("create", "true"))) {
            Files.createDirectories(jar.getPath("/a/b"));
            Files.writeString(jar.getPath("/a/b/One$Two.class"), "two");
            Files.writeString(jar.getPath("/a/b/One.class"), "one");
            Files.writeString(jar.getPath("/LICENSE"), "text");
            assertEquals(sum, KitBuild.sum(jar.getPath("/")));
        }
        Files.writeString(classes.resolve("One.class"), "One");
        assertNotEquals(sum, KitBuild.sum(folder.resolve("classes")));
    }
}
