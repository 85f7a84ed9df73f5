package worldmodels.kernel;

import java.io.File;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import jdk.jshell.SourceCodeAnalysis;

/**
 * Where JShell reads Javadoc. By itself it knows the JDK's {@code src.zip} only; here it also gets each {@code name-sources.jar} that lies
 * beside a {@code name.jar} of the class path. JShell has no public way to be told so, hence the field (its own tests set it too); a JDK
 * that closes it, or lacks it, costs the documentation's text and nothing else.
 */
final class Sources {

    private Sources() {}

    static void tell(SourceCodeAnalysis analysis) {
        List<Path> sources = new ArrayList<>(besideClassPath());
        try {
            Method find = analysis.getClass().getDeclaredMethod("findSources");
            Field known = analysis.getClass().getDeclaredField("availableSources");
            find.setAccessible(true);
            known.setAccessible(true);
            ((Collection<?>) find.invoke(analysis)).forEach(path -> sources.add((Path) path));
            known.set(analysis, List.copyOf(sources));
        } catch (ReflectiveOperationException | RuntimeException e) {
            // Signatures are still there.
        }
    }

    private static List<Path> besideClassPath() {
        return List.of(System.getProperty("java.class.path").split(File.pathSeparator)).stream()
                .filter(entry -> entry.endsWith(".jar"))
                .map(entry -> Path.of(entry.substring(0, entry.length() - ".jar".length()) + "-sources.jar"))
                .filter(Files::isReadable)
                .toList();
    }
}
