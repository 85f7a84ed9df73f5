package worldmodels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import com.tngtech.archunit.core.domain.JavaCodeUnitAccess;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import worldmodels.nn.Checkpoint;
import worldmodels.report.Plot;
import worldmodels.report.ResultTable;
import worldmodels.report.ResultsFolder;
import worldmodels.run.Preset;
import worldmodels.run.Provenance;
import worldmodels.run.Stage;

/** A stock IJava puts its own libraries before the kit's; the one they share is gson, of 2018. */
class StockKernelTest {

    private static final Path GSON = Path.of(System.getProperty("kit.root"), "lib", "target", "ijava", "gson-2.8.5.jar");

    @TempDir
    Path folder;

    @Test
    void everyCallOfGsonIsThereInWhatIJavaBrings() throws Exception {
        TreeSet<String> missing = new TreeSet<>();
        try (URLClassLoader ijava = new URLClassLoader(new URL[] {GSON.toUri().toURL()}, ClassLoader.getPlatformClassLoader())) {
            var library = new ClassFileImporter().withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("worldmodels");
            List<JavaCodeUnitAccess<?>> calls = library.stream().flatMap(type -> type.getCodeUnitAccessesFromSelf().stream())
                    .<JavaCodeUnitAccess<?>>map(call -> call)
                    .filter(call -> call.getTargetOwner().getPackageName().startsWith("com.google.gson")).toList();
            assertTrue(calls.size() > 20, "the library uses gson");
            for (JavaCodeUnitAccess<?> call : calls) {
                if (!isThere(call, ijava.loadClass(call.getTargetOwner().getName()))) {
                    missing.add(call.getDescription());
                }
            }
        }
        assertEquals(new TreeSet<>(), missing);
    }

    private static boolean isThere(JavaCodeUnitAccess<?> call, Class<?> type) {
        List<String> parameters = call.getTarget().getRawParameterTypes().stream().map(parameter -> parameter.getName()).toList();
        var units = call.getName().equals("<init>") ? type.getConstructors() : type.getMethods();
        return Arrays.stream(units).anyMatch(unit -> (call.getName().equals("<init>") || unit.getName().equals(call.getName()))
                && Arrays.stream(unit.getParameterTypes()).map(Class::getName).toList().equals(parameters));
    }

    @Test
    void stagesCheckpointsAndResultsAreWrittenAndReadOnEitherSide() throws Exception {
        Work.write(folder.resolve("here"));
        String classPath = GSON + File.pathSeparator + System.getProperty("java.class.path");
        assertEquals("written and read", OtherJvm.run(classPath, Work.class, null, Map.of(), folder.toString()));
        Work.read(folder.resolve("there"));
    }

    /** What a notebook does between two trainings. */
    static final class Work {

        private Work() {}

        public static void main(String[] arguments) throws Exception {
            assertThrows(NoSuchMethodException.class, () -> JsonParser.class.getMethod("parseString", String.class), "this is a newer gson");
            Path folder = Path.of(arguments[0]);
            read(folder.resolve("here"));
            write(folder.resolve("there"));
            read(folder.resolve("there"));
            System.out.println("written and read");
        }

        private static Stage stage(Path folder) {
            return new Stage(folder, "vision", Map.of("vision.latent", "32"), List.of());
        }

        private static ResultsFolder results(Path folder) {
            return new ResultsFolder(folder.resolve("results"));
        }

        static void write(Path folder) {
            Stage stage = stage(folder).complete(made -> {
                new Checkpoint.Draft("numbers").text("epoch", "3").put("loss", 0.5, 0.25).write(made.resolve("numbers.safetensors"));
                return Map.of("loss", "0.25");
            });
            Provenance provenance = Provenance.of(Preset.named("smoke"), stage).withSeconds(1.5);
            results(folder).figure("lines", new Plot("loss", "epoch", "").line("V", new double[] {0, 1}, new double[] {0.5, 0.25}), provenance);
            results(folder).table("losses", ResultTable.ofText("losses", Map.of("loss", List.of("0.25"))), provenance);
        }

        static void read(Path folder) throws Exception {
            assertEquals("0.25", stage(folder).facts().get("loss"));
            Checkpoint checkpoint = Checkpoint.read(stage(folder).file("numbers.safetensors"));
            assertArrayEquals(new double[] {0.5, 0.25}, checkpoint.doubles("loss"));
            assertEquals(3, checkpoint.number("epoch"));
            results(folder).verify("tables", "losses.csv");
            assertArrayEquals(results(folder).figure("lines"), Files.readAllBytes(results(folder).path().resolve("figures/lines.png")));
            assertEquals(results(folder).provenance("figures", "lines").toJson(), results(folder).provenance("tables", "losses").toJson());
        }
    }
}
