package worldmodels.notebook;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import worldmodels.run.KitException;

/**
 * The Jupyter kernel this process is, if it is one. IJava, JJava and the kit's own kernel share one shape, so they are used by reflection
 * and the library depends on none of them.
 */
final class Jupyter {

    /** Class and static method that tell the running kernel, or null in a process that has the class but runs no kernel. */
    private record Door(String kernel, String type, String method) {}

    private static final List<Door> DOORS = List.of(
            new Door("IJava", "io.github.spencerpark.ijava.IJava", "getKernelInstance"),
            new Door("JJava", "org.dflib.jjava.jupyter.kernel.BaseKernel", "notebookKernel"));

    private final String name;
    private final Object kernel;

    private Jupyter(String name, Object kernel) {
        this.name = name;
        this.kernel = kernel;
    }

    static Optional<Jupyter> find() {
        for (Door door : DOORS) {
            Optional<Jupyter> found = type(door.type).flatMap(type -> {
                try {
                    return Optional.ofNullable(type.getMethod(door.method).invoke(null));
                } catch (ReflectiveOperationException e) {
                    return Optional.empty();
                }
            }).map(kernel -> new Jupyter(door.kernel, kernel));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /** Name and, where its jar tells, version. */
    String name() {
        String version = kernel.getClass().getPackage().getImplementationVersion();
        return version == null ? name : name + " " + version;
    }

    boolean is(Jupyter other) {
        return kernel == other.kernel;
    }

    /** Whether a cell is running: what is displayed at any other time is lost. */
    boolean isListening() {
        return call(display(), "isAttached") instanceof Boolean attached && attached;
    }

    void show(MimeBundle bundle) {
        call(display(), "display", data(bundle));
    }

    /** @param id by which {@link #update} finds it again */
    void show(MimeBundle bundle, String id) {
        Object data = data(bundle);
        call(data, "setDisplayId", id);
        call(display(), "display", data);
    }

    /** Replaces what was shown under that id. */
    void update(MimeBundle bundle, String id) {
        Object data = data(bundle);
        call(data, "setDisplayId", id);
        call(display(), "updateDisplay", data);
    }

    /** From now on a value of that type as a cell's last expression is shown as the bundle made of it, whose richest type is given. */
    void render(Class<?> type, String richest, Function<Object, MimeBundle> form) {
        Object registration = call(call(kernel, "getRenderer"), "createRegistration", type);
        call(registration, "preferring", (Object) new String[] {richest});
        call(registration, "supporting", (Object) new String[] {MimeBundle.PLAIN});
        Class<?> function = method(registration, "register", 1, p -> p.isInterface()).getParameterTypes()[0];
        InvocationHandler renderer = (self, called, arguments) -> switch (called.getName()) {
            case "render" -> {
                Object output = call(arguments[1], "getOutputContainer");
                form.apply(arguments[0]).data().forEach((mime, content) -> call(output, "putData", mime, content));
                yield null;
            }
            case "equals" -> self == arguments[0];
            case "hashCode" -> System.identityHashCode(self);
            default -> "renderer of " + type.getSimpleName();
        };
        call(registration, "register", Proxy.newProxyInstance(function.getClassLoader(), new Class<?>[] {function}, renderer));
    }

    private Object display() {
        Object io = call(kernel, "getIO");
        try {
            return io.getClass().getField("display").get(io);
        } catch (ReflectiveOperationException e) {
            throw unusable(e);
        }
    }

    private Object data(MimeBundle bundle) {
        try {
            Object data = method(kernel, "display", 1, p -> true).getParameterTypes()[0].getConstructor().newInstance();
            bundle.data().forEach((mime, content) -> call(data, "putData", mime, content));
            return data;
        } catch (ReflectiveOperationException e) {
            throw unusable(e);
        }
    }

    /** Calls the public method that takes such arguments. */
    private Object call(Object target, String name, Object... arguments) {
        try {
            return method(target, name, arguments.length, arguments.length == 0 ? p -> true : p -> p.isInstance(arguments[0]))
                    .invoke(target, arguments);
        } catch (ReflectiveOperationException e) {
            throw unusable(e);
        }
    }

    private Method method(Object target, String name, int arity, Predicate<Class<?>> first) {
        for (Method method : target.getClass().getMethods()) {
            if (method.getName().equals(name) && method.getParameterCount() == arity
                    && (arity == 0 || first.test(method.getParameterTypes()[0]))) {
                return method;
            }
        }
        throw unusable(new NoSuchMethodException(target.getClass().getName() + "." + name));
    }

    private KitException unusable(Exception cause) {
        return new KitException("The kernel " + name + " does not answer as expected (" + cause + "); use IJava 1.3, JJava 1.0 or the "
                + "kernel that environment/run.sh registers.", cause);
    }

    private static Optional<Class<?>> type(String name) {
        for (ClassLoader loader : new ClassLoader[] {Thread.currentThread().getContextClassLoader(), Jupyter.class.getClassLoader()}) {
            try {
                return Optional.of(Class.forName(name, false, loader));
            } catch (ClassNotFoundException | LinkageError e) {
                // Not this kernel, or not from this loader.
            }
        }
        return Optional.empty();
    }
}
