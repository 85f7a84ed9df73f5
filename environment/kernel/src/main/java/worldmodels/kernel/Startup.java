package worldmodels.kernel;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.spencerpark.jupyter.kernel.magic.registry.Magics;
import io.github.spencerpark.jupyter.kernel.util.GlobFinder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What is in place before the first cell: IJava's imports, its magics, and what the environment variables ask for. */
final class Startup {

    /** IJava's own list, so that a notebook that runs here runs there. */
    private static final String IMPORTS = """
            import java.util.*;
            import java.io.*;
            import java.math.*;
            import java.net.*;
            import java.util.concurrent.*;
            import java.util.prefs.*;
            import java.util.regex.*;
            import static io.github.spencerpark.ijava.runtime.Display.*;
            import static io.github.spencerpark.ijava.runtime.Kernel.*;
            import static io.github.spencerpark.ijava.runtime.Magics.*;
            public void printf(String format, Object... args) { System.out.printf(format, args); }
            """;

    private static final List<String> MAVEN = List.of("maven", "addMavenDependency", "addMavenDependencies");
    private static final List<String> JARS = List.of("jars", "classpath");
    private static final String LOAD = "load";
    static final List<String> MAGICS = Stream.of(List.of(LOAD), JARS, MAVEN).flatMap(List::stream).toList();

    private Startup() {}

    static CellEvaluator evaluator(Settings settings, Magics magics, CellOutput output) {
        CellEvaluator evaluator = new CellEvaluator(settings, magics, output);
        Sources.tell(evaluator.analysis());
        registerMagics(evaluator, magics);
        for (String pattern : settings.classPath()) {
            attempt("IJAVA_CLASSPATH", () -> addAll(evaluator, pattern));
        }
        attempt("the start-up imports", () -> evaluator.eval(IMPORTS, "the start-up imports"));
        attempt("showing the library's tables and pictures", Startup::attachLibrary);
        for (String pattern : settings.scripts()) {
            attempt("IJAVA_STARTUP_SCRIPTS_PATH", () -> {
                for (Path script : matching(pattern)) {
                    load(evaluator, script);
                }
            });
        }
        if (!settings.script().isBlank()) {
            attempt("IJAVA_STARTUP_SCRIPT", () -> evaluator.eval(settings.script(), "IJAVA_STARTUP_SCRIPT"));
        }
        return evaluator;
    }

    /** The library's tables, pictures and episodes show themselves from the first cell on. Without the library this is a plain kernel. */
    private static void attachLibrary() throws ReflectiveOperationException {
        try {
            Class.forName("worldmodels.notebook.Notebook").getMethod("attach").invoke(null);
        } catch (ClassNotFoundException e) {
            // Nothing to attach.
        }
    }

    private static void registerMagics(CellEvaluator evaluator, Magics magics) {
        magics.registerLineMagic(LOAD, args -> {
            for (String file : args) {
                load(evaluator, Path.of(file));
            }
            return null;
        });
        for (String name : JARS) {
            magics.registerLineMagic(name, args -> {
                for (String pattern : args) {
                    addAll(evaluator, pattern);
                }
                return null;
            });
        }
        for (String name : MAVEN) {
            magics.registerLineMagic(name, args -> {
                for (Path jar : MavenJars.resolve(args)) {
                    evaluator.addToClassPath(jar.toString());
                }
                return null;
            });
        }
    }

    private static void addAll(CellEvaluator evaluator, String pattern) throws IOException {
        List<Path> paths = matching(pattern);
        if (paths.isEmpty()) {
            throw new IOException("nothing matches " + pattern + "; name a jar, a folder or a pattern such as lib/*.jar");
        }
        for (Path path : paths) {
            evaluator.addToClassPath(path.toAbsolutePath().toString());
        }
    }

    private static List<Path> matching(String pattern) throws IOException {
        Path plain = pattern.contains("*") || pattern.contains("?") ? null : Path.of(pattern);
        if (plain != null && Files.exists(plain) && !pattern.endsWith("/")) {
            return List.of(plain);
        }
        List<Path> paths = new ArrayList<>();
        new GlobFinder(pattern).computeMatchingPaths().forEach(paths::add);
        return paths;
    }

    /** Evaluates a file of Java, or the code cells of a notebook. */
    private static void load(CellEvaluator evaluator, Path file) throws Exception {
        if (!Files.isRegularFile(file)) {
            throw new IOException("there is no file " + file.toAbsolutePath() + " to load");
        }
        String text = Files.readString(file);
        if (!file.toString().endsWith(".ipynb")) {
            evaluator.eval(text, file.getFileName().toString());
            return;
        }
        int number = 0;
        for (JsonElement element : new Gson().fromJson(text, JsonObject.class).getAsJsonArray("cells")) {
            JsonObject cell = element.getAsJsonObject();
            number++;
            if (cell.get("cell_type").getAsString().equals("code")) {
                evaluator.eval(source(cell.get("source")), file.getFileName() + " cell " + number);
            }
        }
    }

    private static String source(JsonElement source) {
        if (!source.isJsonArray()) {
            return source.getAsString();
        }
        StringBuilder text = new StringBuilder();
        source.getAsJsonArray().forEach(line -> text.append(line.getAsString()));
        return text.toString();
    }

    @FunctionalInterface
    private interface Step {
        void run() throws Exception;
    }

    /** A start-up script that fails is reported; a kernel that would not start could not tell anybody why. */
    private static void attempt(String what, Step step) {
        try {
            step.run();
        } catch (CellFailure e) {
            System.err.println(what + " failed:");
            e.lines().forEach(System.err::println);
        } catch (Exception e) {
            System.err.println(what + " failed: " + e.getMessage());
        }
    }
}
