package worldmodels.kernel;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Holds the classes made from cells, below the application's own, and whatever jars a magic adds. */
final class CellLoader extends URLClassLoader {

    private final Map<String, byte[]> cells = new ConcurrentHashMap<>();

    CellLoader(ClassLoader parent) {
        super("cells", new URL[0], parent);
    }

    /** Makes a class known; it is linked when it is first used. One that is loaded already has been redefined, and its bytes are these now. */
    void add(String name, byte[] bytes) {
        cells.put(name, StopChecks.weave(bytes));
    }

    /** @param path a jar or a folder of classes */
    void add(Path path) {
        try {
            addURL(path.toUri().toURL());
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException("not a class path entry: " + path, e);
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] bytes = cells.get(name);
        return bytes != null ? defineClass(name, bytes, 0, bytes.length) : super.findClass(name);
    }

    /** Serialisation and byte-code readers ask for the bytes of a cell's own class. */
    @Override
    public InputStream getResourceAsStream(String name) {
        byte[] bytes = name.endsWith(".class") ? cells.get(name.substring(0, name.length() - 6).replace('/', '.')) : null;
        return bytes != null ? new ByteArrayInputStream(bytes) : super.getResourceAsStream(name);
    }
}
