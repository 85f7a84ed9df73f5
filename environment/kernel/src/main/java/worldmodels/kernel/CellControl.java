package worldmodels.kernel;

import java.io.File;
import java.lang.instrument.ClassDefinition;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import jdk.jshell.execution.DirectExecutionControl;
import jdk.jshell.spi.SPIResolutionException;

/** Runs what JShell has compiled: in this process, on the cells' own thread, keeping the value itself and not only its text. */
final class CellControl extends DirectExecutionControl {

    private final CellLoader loader;
    private final CellThread thread;
    private final CellOutput output;
    private Supplier<UnaryOperator<Object>> finish = UnaryOperator::identity;
    private Object value;
    private List<Told> thrown = List.of();

    CellControl(CellLoader loader, CellThread thread, CellOutput output) {
        this.loader = loader;
        this.thread = thread;
        this.output = output;
    }

    /**
     * @param newFinish asked when the next snippet is about to run: what is made of its value, on the cells' thread, since a value's
     *                  {@code toString()} is code of the cells, too
     */
    void finishWith(Supplier<UnaryOperator<Object>> newFinish) {
        finish = newFinish;
    }

    /** @return the value of the last snippet that ran, or null; forgets it */
    Object takeValue() {
        Object taken = value;
        value = null;
        return taken;
    }

    /** @return what the last snippet threw and its causes, outermost first, or nothing; forgets it */
    List<Told> takeThrown() {
        List<Told> taken = thrown;
        thrown = List.of();
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

    /** Where this fails JShell makes classes of a new name, and the variables of the old ones are lost. */
    @Override
    public void redefine(ClassBytecodes[] classes) throws ClassInstallException {
        ClassDefinition[] definitions = new ClassDefinition[classes.length];
        try {
            for (int i = 0; i < classes.length; i++) {
                definitions[i] = new ClassDefinition(loader.loadClass(classes[i].name()), StopChecks.weave(classes[i].bytecodes()));
            }
        } catch (ClassNotFoundException e) {
            throw new ClassInstallException("redefine: " + e, new boolean[classes.length]);
        }
        if (!Redefinition.redefine(definitions)) {
            throw new ClassInstallException("redefine", new boolean[classes.length]);
        }
        for (ClassBytecodes bytes : classes) {
            loader.add(bytes.name(), bytes.bytecodes());
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
        UnaryOperator<Object> last = finish.get();
        finish = UnaryOperator::identity;
        value = null;
        thrown = List.of();
        try {
            value = thread.run(() -> {
                output.adopt();
                Reserve.keep();
                try {
                    Object result = snippet.invoke(null);
                    forget(snippet.getDeclaringClass());
                    return result == null ? null : last.apply(result);
                } catch (Throwable e) {
                    Reserve.giveUpAfter(e);
                    thrown = Told.chain(e instanceof InvocationTargetException ? e.getCause() : e);
                    throw new InvocationTargetException(e);
                }
            });
        } catch (InvocationTargetException e) {
            throw e;
        } catch (Exception e) {
            thrown = Told.chain(e);
            throw new InvocationTargetException(e);
        }
        // The kernel shows values through its renderers; a text of every one would only cost time.
        return "";
    }

    /** JShell keeps the value of each expression in a variable without a name to the reader ({@code $3}), and would keep it for ever. */
    private static void forget(Class<?> cell) throws IllegalAccessException {
        for (Field field : cell.getDeclaredFields()) {
            if (field.getName().matches("\\$\\d+") && !field.getType().isPrimitive()) {
                field.setAccessible(true);
                field.set(null, null);
            }
        }
    }

    /** What JShell gets, to find the cells' lines in: the exceptions as they were told, which cannot run in a circle. */
    @Override
    protected String throwConvertedInvocationException(Throwable cause) throws RunException {
        RunException told = null;
        for (Told one : thrown.reversed()) {
            RunException outer = one.thrown() instanceof SPIResolutionException missing
                    ? new ResolutionException(missing.id(), one.frames())
                    : new UserException(one.message(), one.thrown().getClass().getName(), one.frames());
            outer.initCause(told);
            told = outer;
        }
        throw told;
    }

    @Override
    public void stop() {
        thread.interrupt();
    }
}
