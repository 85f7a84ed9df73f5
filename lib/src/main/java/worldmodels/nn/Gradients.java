package worldmodels.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import worldmodels.run.KitException;

/** Recording, clipping and checking of gradients. */
public final class Gradients {

    private Gradients() {}

    /**
     * From here to {@link Tape#close} the calling thread keeps what a backward pass needs. Unlike DJL's collector, of which a process may
     * have one, each thread may have its own.
     *
     * {@snippet :
     * try (NDManager step = top.newSubManager(); Gradients.Tape tape = Gradients.record()) {
     *     NDArray loss = model.loss(step.create(frames));
     *     tape.backward(loss);
     *     adam.step();
     * }
     * }
     */
    public static Tape record() {
        return new Tape();
    }

    /** From here to {@link Pause#close} the calling thread keeps nothing for a backward pass. */
    public static Pause pause() {
        return new Pause();
    }

    /** An open pause. */
    public static final class Pause implements AutoCloseable {

        private final boolean before = JniUtils.isGradMode();

        private Pause() {
            JniUtils.setGradMode(false);
        }

        @Override
        public void close() {
            JniUtils.setGradMode(before);
        }
    }

    /** An open recording. */
    public static final class Tape implements AutoCloseable {

        private final boolean before = JniUtils.isGradMode();

        private Tape() {
            JniUtils.setGradMode(true);
        }

        /** Adds the derivative of a scalar to the gradient of each parameter that it came from. */
        public void backward(NDArray loss) {
            try (NDArray one = loss.onesLike()) {
                JniUtils.backward((PtNDArray) loss, (PtNDArray) one, false, false);
            }
        }

        /** {@link #backward(NDArray)} from many outputs whose derivative is known: a loss with a closed-form gradient. */
        public void backward(NDArray outputs, NDArray derivative) {
            JniUtils.backward((PtNDArray) outputs, (PtNDArray) derivative, false, false);
        }

        @Override
        public void close() {
            JniUtils.setGradMode(before);
        }
    }

    /** Bounds each component of each gradient to [-bound, bound] (both sides; DJL's own clips the upper one only). */
    public static void clipByValue(Parameters parameters, float bound) {
        try (NDManager scratch = parameters.manager().newSubManager()) {
            InPlaceOps.clampInto(scratch, parameters.gradients(scratch), bound);
        }
    }

    /**
     * Scales all gradients together so that their common norm is at most {@code bound}, as PyTorch's {@code clip_grad_norm_}.
     *
     * @return the norm before clipping; not finite if a gradient is not, and nothing is scaled then
     */
    public static float clipByNorm(Parameters parameters, float bound) {
        try (NDManager scratch = parameters.manager().newSubManager()) {
            float norm = InPlaceOps.norm(scratch, parameters.gradients(scratch)).toFloatArray()[0];
            if (norm + 1e-6f > bound && Float.isFinite(norm)) {
                InPlaceOps.scaleInto(scratch, parameters.gradients(scratch), bound / (norm + 1e-6));
            }
            return norm;
        }
    }

    /** @return the common norm of all gradients */
    public static float norm(Parameters parameters) {
        try (NDManager scratch = parameters.manager().newSubManager()) {
            return InPlaceOps.norm(scratch, parameters.gradients(scratch)).toFloatArray()[0];
        }
    }

    /** @throws KitException naming the first parameter with an infinite or undefined gradient */
    public static void requireFinite(Parameters parameters) {
        if (Float.isFinite(norm(parameters))) {
            return;
        }
        try (NDManager scratch = parameters.manager().newSubManager()) {
            for (String name : parameters.names()) {
                NDArray gradient = parameters.array(name).getGradient();
                gradient.attach(scratch);
                for (float g : gradient.toFloatArray()) {
                    if (!Float.isFinite(g)) {
                        throw new Terms.RunAway("the gradient of " + name + " is " + g);
                    }
                }
            }
        }
        throw new Terms.RunAway("the gradients overflow together");
    }
}
