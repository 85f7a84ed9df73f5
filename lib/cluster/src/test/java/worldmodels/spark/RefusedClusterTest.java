package worldmodels.spark;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import worldmodels.run.KitException;

/** Whoever cannot do the kit's work is told so before the work begins. */
@Tag("slow")
class RefusedClusterTest {

    @TempDir
    private static Path folder;
    private static TrialCluster trial;

    @BeforeAll
    static void start() {
        trial = TrialCluster.start(folder, 1);
    }

    @AfterAll
    static void end() {
        trial.close();
    }

    /** @param properties of Spark, as a user says them */
    private static void refused(Map<String, String> properties, Runnable connecting, String... words) {
        properties.forEach(System::setProperty);
        try {
            String said = assertThrows(KitException.class, connecting::run).getMessage();
            for (String word : words) {
                assertTrue(said.contains(word), said);
            }
            assertTrue(said.lines().count() == 1, said);
        } finally {
            properties.keySet().forEach(System::clearProperty);
        }
    }

    private static void connect(String address) {
        new SparkProvider().connect(address).close();
    }

    private static void connect() {
        trial.connect().close();
    }

    @Test
    void noMaster() {
        refused(Map.of(), () -> connect("spark://127.0.0.1:1"), "No Spark master answers at spark://127.0.0.1:1", "cluster.sh start");
        refused(Map.of(), () -> connect("spark://127.0.0.1"), "No Spark master answers");
    }

    @Test
    void noAddress() {
        refused(Map.of(), () -> connect("my cluster"), "WM_CLUSTER is 'my cluster'", "spark://host:port");
    }

    @Test
    void noKubernetesInThisSpark() {
        refused(Map.of(), () -> connect("k8s://https://127.0.0.1:1"), "k8s://https://127.0.0.1:1", "SPARK_HOME");
    }

    @Test
    void noExecutorInTime() {
        refused(Map.of("spark.executor.memory", "900g", "spark.worldmodels.patience", "3"), RefusedClusterTest::connect, "no executor within 3 s", "900g");
    }

    @Test
    void noKit() {
        refused(Map.of("spark.executor.extraClassPath", folder.toString()), RefusedClusterTest::connect, "do not find the kit", "same path");
    }
}
