package worldmodels.nn;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.ParameterStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import worldmodels.run.KitException;

/**
 * One small function written in TorchScript, for what DJL has no call for, or a network that PyTorch saved. A function's text goes into an in-memory archive of the kind that
 * PyTorch saves and is loaded by DJL (about 7 ms, once per name); no Python is involved.
 *
 * <p>The text is one method, in the dialect of saved archives: {@code def forward(self, x: Tensor) -> Tensor:} and an indented body;
 * dtypes are integers (float32 6, bfloat16 15, int64 4, uint8 0), {@code memory_format=2} is channels last. Functions are safe to call
 * from many threads.
 */
public final class TorchScript {

    private static final ConcurrentMap<String, TorchScript> LOADED = new ConcurrentHashMap<>();
    /** The graph optimiser costs hundreds of milliseconds at first calls and is slower after; its switch is per thread. */
    private static final ThreadLocal<Boolean> UNOPTIMISED = ThreadLocal.withInitial(() -> {
        JniUtils.setGraphExecutorOptimize(false);
        return true;
    });

    private final String name;
    private final PtSymbolBlock module;
    private final ParameterStore noParameters;

    private TorchScript(String name, InputStream archive) throws IOException {
        this.name = name;
        // The function lives as long as the process, and so does the manager that holds it.
        NDManager manager = Compute.newUncheckedManager();
        this.noParameters = new ParameterStore(manager, false);
        UNOPTIMISED.get();
        this.module = JniUtils.loadModule((PtNDManager) manager, archive, false, false);
        // Else the first forward does it, and two threads at once break each other's lists.
        module.initialize(manager, DataType.FLOAT32);
    }

    /**
     * @param name   unique in the process; the text that came first under a name stays
     * @param source {@code def forward(self, ...) -> ...:} with its body
     */
    public static TorchScript function(String name, String source) {
        return LOADED.computeIfAbsent(name, key -> {
            try {
                return new TorchScript(key, new ByteArrayInputStream(archive(source)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /**
     * A network that PyTorch saved as TorchScript ({@code torch.jit.save}).
     *
     * @throws KitException if the file is missing or is no such network
     */
    public static TorchScript read(Path file) {
        try (InputStream archive = Files.newInputStream(file)) {
            return new TorchScript(file.getFileName().toString(), archive);
        } catch (IOException | EngineException e) {
            throw new KitException("Cannot read " + file + " as a TorchScript network; name a file that torch.jit.save wrote.", e);
        }
    }

    /**
     * Calls with tensors only; gradients pass through if the thread records them.
     *
     * @return the results, attached to the manager of the first input
     */
    public NDList forward(NDList inputs) {
        UNOPTIMISED.get();
        return module.forward(noParameters, inputs, true);
    }

    /** {@link #forward(NDList)} for functions with one result. */
    public NDArray apply(NDArray... inputs) {
        return forward(new NDList(inputs)).singletonOrThrow();
    }

    /**
     * Calls without gradients, for functions that change tensors in place or take numbers. What they return cannot enter a later
     * backward pass unless it is duplicated.
     *
     * @param arguments {@link NDArray}, {@link NDList} (a list of tensors), {@code Long}, {@code Integer}, {@code Double}, {@code Float},
     *                  {@code Boolean} or {@code long[]}
     * @return the results, attached to {@code manager}
     */
    public NDList call(NDManager manager, Object... arguments) {
        UNOPTIMISED.get();
        IValue[] values = new IValue[arguments.length];
        try {
            for (int i = 0; i < values.length; i++) {
                values[i] = value(arguments[i]);
            }
            try (IValue result = module.forward(values)) {
                boolean tensors = result.isTensor() || result.isTensorList() || result.isTuple();
                return tensors ? result.toNDList((PtNDManager) manager) : new NDList();
            }
        } finally {
            for (IValue value : values) {
                if (value != null) {
                    value.close();
                }
            }
        }
    }

    @Override
    public String toString() {
        return "TorchScript function " + name;
    }

    private static IValue value(Object argument) {
        return switch (argument) {
            case PtNDArray array -> IValue.from(array);
            case NDList list -> IValue.listFrom(list.stream().map(PtNDArray.class::cast).toArray(PtNDArray[]::new));
            case Long number -> IValue.from(number.longValue());
            case Integer number -> IValue.from(number.longValue());
            case Double number -> IValue.from(number.doubleValue());
            case Float number -> IValue.from(number.doubleValue());
            case Boolean flag -> IValue.from(flag.booleanValue());
            case long[] numbers -> IValue.listFrom(numbers);
            default -> throw new IllegalArgumentException("TorchScript takes no " + argument.getClass());
        };
    }

    /** An archive with one module class, no parameters and no constants. */
    static byte[] archive(String source) {
        StringBuilder code = new StringBuilder("class Function(Module):\n  __parameters__ = []\n  __buffers__ = []\n");
        source.strip().lines().forEach(line -> code.append("  ").append(line).append('\n'));
        // Pickle, protocol 2: Function.__new__(), its state an empty dictionary; and an empty tuple of constants.
        byte[] object = bytes("\u0080\u0002c__torch__\nFunction\n)\u0081}b.");
        byte[] constants = bytes("\u0080\u0002).");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            store(zip, "archive/data.pkl", object);
            store(zip, "archive/code/__torch__.py", code.toString().getBytes(StandardCharsets.UTF_8));
            store(zip, "archive/constants.pkl", constants);
            store(zip, "archive/version", bytes("10\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static byte[] bytes(String latin) {
        return latin.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        CRC32 crc = new CRC32();
        crc.update(content);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
