package worldmodels.nn;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import worldmodels.run.KitException;
import worldmodels.run.TensorEngine;

/**
 * The tensor engine of this process: DJL with PyTorch's native library, its device and its threads.
 *
 * <p>The device is what DJL reports (a GPU if its natives and a card are there, else the CPU) unless the environment variable
 * {@code WM_DEVICE} says {@code cpu}, {@code gpu} or {@code gpu1}. The number of threads is set by the launcher ({@code OMP_NUM_THREADS});
 * sums differ in their last digits between one and two threads, so a run that must equal another uses the same number.
 */
public final class Compute {

    private static final Pattern DEVICE = Pattern.compile("cpu|gpu(\\d*)");

    private static final float TOLERANCE = 1e-4f;

    static final String LOG_LEVEL = "FLAGS_caffe2_log_level";
    static final int ERROR = 2;

    private Compute() {}

    private static volatile boolean isSound;

    /** @throws KitException if the natives are missing or compute wrong here, or {@code WM_DEVICE} names no device of this machine */
    public static NDManager newManager() {
        if (!isSound) {
            requireSound();
            isSound = true;
        }
        return newUncheckedManager();
    }

    /** For what {@link #newManager} itself calls. */
    static NDManager newUncheckedManager() {
        return engine().newBaseManager(device());
    }

    /**
     * libtorch 2.7's own convolutions and LSTM are wrong with AVX-512 on AMD's processors of family 26; the launcher keeps them to AVX2 there. This finds it
     * out where the launcher was not used: one pixel spread by a transposed convolution against the product that it is.
     */
    private static void requireSound() {
        try (NDManager manager = newUncheckedManager(); Gradients.Pause pause = Gradients.pause()) {
            float error = TorchScript.function("sound", """
                    def forward(self, x: Tensor, w: Tensor) -> Tensor:
                      spread = torch.conv_transpose2d(torch.reshape(x, [3, 8, 1, 1]), w, None, [2, 2])
                      return torch.max(torch.abs(torch.sub(torch.flatten(spread, 1), torch.matmul(x, torch.flatten(w, 1)))))
                    """).call(manager, Noise.normal(manager, new Shape(3, 8), 1), Noise.normal(manager, new Shape(8, 4, 5, 5), 2))
                    .singletonOrThrow().toFloatArray()[0];
            if (!(error < TOLERANCE)) {
                throw new KitException("PyTorch's native library computes wrong numbers on this processor (off by " + error
                        + "); start Java with ONEDNN_MAX_CPU_ISA=AVX2 in its environment, as environment/env.sh does.");
            }
        }
    }

    /** The device that models run on. */
    public static Device device() {
        return Started.DEVICE;
    }

    /** The device, as {@code cpu} or {@code gpu0}, if a model has been made in this process; does not load the natives. */
    public static Optional<String> deviceInUse() {
        return isSound ? Optional.of(name(device())) : Optional.empty();
    }

    private static String name(Device device) {
        return device.toString().replaceAll("[()]", "");
    }

    /** For provenance. */
    public static TensorEngine.Description describe() {
        Engine engine = engine();
        return new TensorEngine.Description(name(device()), JniUtils.getNumThreads(), Engine.getDjlVersion(), engine.getVersion());
    }

    /** Sets how many threads the operations of the calling thread use. */
    public static void useThreads(int threads) {
        if (threads < 1) {
            throw new KitException("The number of compute threads must be at least 1, not " + threads + ".");
        }
        engine();
        JniUtils.setNumThreads(threads);
    }

    static Engine engine() {
        return Started.ENGINE;
    }

    static Device deviceNamed(String name, Engine engine) {
        if (name == null || name.isBlank()) {
            return engine.defaultDevice();
        }
        Matcher named = DEVICE.matcher(name.strip().toLowerCase(Locale.ROOT));
        if (!named.matches()) {
            throw new KitException("WM_DEVICE is '" + name + "'; it must be cpu, gpu or gpu and a number, e.g. gpu0.");
        }
        if (named.group(1) == null) {
            return Device.cpu();
        }
        int index = named.group(1).isEmpty() ? 0 : Integer.parseInt(named.group(1));
        if (index >= engine.getGpuCount()) {
            throw new KitException("WM_DEVICE asks for " + name + ", but DJL sees " + engine.getGpuCount()
                    + " GPUs here; unset it or set it to cpu.");
        }
        return Device.gpu(index);
    }

    /** Loads the natives once. In a kernel the context class loader cannot see DJL's jars, so DJL's own stands in for the first call. */
    private static final class Started {
        private static final Engine ENGINE = start();
        private static final Device DEVICE = deviceNamed(System.getenv("WM_DEVICE"), ENGINE);

        private static Engine start() {
            Thread thread = Thread.currentThread();
            ClassLoader before = thread.getContextClassLoader();
            thread.setContextClassLoader(Engine.class.getClassLoader());
            try {
                Engine engine = Engine.getEngine("PyTorch");
                JniUtils.getNumThreads();
                tellErrorsAlone();
                return engine;
            } catch (RuntimeException | LinkageError e) {
                throw new KitException("PyTorch's native library could not be loaded (" + firstCause(e)
                        + "); check that the jars pytorch-jni and pytorch-native-cpu for this machine are on the class path"
                        + " and that DJL_CACHE_DIR (else ~/.djl.ai) is writable"
                        + " with 0.5 GB free.", e);
            } finally {
                thread.setContextClassLoader(before);
            }
        }

        /**
         * A small convolution asks for NNPACK, which does not know every processor (AMD's family 26) and warns at each call: 200,000 lines in a run of
         * all notebooks. libtorch has no setting for it but the variable behind its log level.
         */
        private static void tellErrorsAlone() {
            SymbolLookup.loaderLookup().find(LOG_LEVEL).ifPresent(level -> level.reinterpret(Integer.BYTES).set(ValueLayout.JAVA_INT, 0, ERROR));
        }

        private static String firstCause(Throwable e) {
            Throwable cause = e;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            return String.valueOf(cause.getMessage()).lines().findFirst().orElse("no message");
        }
    }
}
