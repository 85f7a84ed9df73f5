package worldmodels.run;

import java.util.Optional;
import java.util.ServiceLoader;

/**
 * The tensor engine as provenance sees it. Found as a service, so that what all long work shares does not depend on networks; without one on the class
 * path everything but models works.
 */
public interface TensorEngine {

    /**
     * @param device   {@code cpu}, {@code gpu0}, ...
     * @param threads  how many threads one operation may use
     * @param djl      version of DJL
     * @param libtorch version of PyTorch's native library
     */
    record Description(String device, int threads, String djl, String libtorch) {
        @Override
        public String toString() {
            return device + ", " + threads + (threads == 1 ? " thread" : " threads") + ", DJL " + djl + ", libtorch " + libtorch;
        }
    }

    /** Loads the natives if that has not happened yet. */
    Description describe();

    /** The device, as {@code cpu} or {@code gpu0}, if a model has been made in this process; does not load the natives. */
    Optional<String> deviceInUse();

    /** The one on the class path. */
    static TensorEngine here() {
        return ServiceLoader.load(TensorEngine.class, TensorEngine.class.getClassLoader()).findFirst()
                .orElseThrow(() -> new KitException("There is no tensor engine on the class path; build the kit again with environment/setup.sh."));
    }
}
