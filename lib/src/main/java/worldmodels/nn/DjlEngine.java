package worldmodels.nn;

import java.util.Optional;
import worldmodels.run.TensorEngine;

/** {@link Compute} as the service that provenance asks. */
public final class DjlEngine implements TensorEngine {

    @Override
    public Description describe() {
        return Compute.describe();
    }

    @Override
    public Optional<String> deviceInUse() {
        return Compute.deviceInUse();
    }
}
