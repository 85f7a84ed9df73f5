package worldmodels.kernel;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import jdk.jshell.execution.DirectExecutionControl;

/** Runs what JShell has compiled: in this process, on the cells' own thread, keeping the value itself and not only its text. */
final class CellControl extends DirectExecutionControl {

    private final CellLoader loader;
    private final CellThread thread;
    private final CellOutput output;
    private Object value;
    private Throwable thrown;

    CellControl(CellLoader loader, CellThread thread, CellOutput output) {
        this.loader = loader;
        this.thread = thread;
        this.output = output;
    }

    /** @return the value of the last snippet that ran, or null; forgets it */
    Object takeValue() {
        Object taken = value;
        value = null;
        return taken;
    }

    /** @return what the last snippet threw, or null; forgets it */
    Throwable takeThrown() {
        Throwable taken = thrown;
        thrown = null;
        return taken;
    }

    @Override
    public void load(ClassBytecodes[] classes) throws ClassInstallException {
        for (ClassBytecodes bytes : classes) {
            loader.add(bytes.name(), bytes.bytecodes());
        }
        boolean[] installed = new boolean[classes.length];
        for (int i = 0; i < classes.length; i++) {
            try {
                // Asking for the methods links the class, so that a missing class is blamed on the cell that names it.
                loader.loadClass(classes[i].name()).getDeclaredMethods();
                installed[i] = true;
            } catch (ClassNotFoundException | LinkageError e) {
                throw new ClassInstallException("load: " + e, installed);
            }
        }
    }

    @Override
    public void addToClasspath(String path) {
        for (String part : path.split(File.pathSeparator)) {
            loader.add(Path.of(part));
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        return loader.loadClass(name);
    }

    @Override
    protected String invoke(Method snippet) throws Exception {
        value = null;
        thrown = null;
        try {
            value = thread.run(() -> {
                output.adopt();
                Reserve.keep();
                try {
                    return snippet.invoke(null);
                } catch (InvocationTargetException e) {
                    Reserve.giveUpAfter(e);
                    throw e;
                } catch (OutOfMemoryError e) {
                    // There was not even room to say that the cell's code had thrown.
                    Reserve.giveUpAfter(e);
                    throw new InvocationTargetException(e);
                }
            });
        } catch (InvocationTargetException e) {
            thrown = e.getCause();
            throw e;
        } catch (CellThread.Abandoned e) {
            thrown = e;
            throw new InvocationTargetException(e);
        }
        // The kernel shows values through its renderers; a text of every one would only cost time.
        return "";
    }

    @Override
    public void stop() {
        thread.interrupt();
    }
}
