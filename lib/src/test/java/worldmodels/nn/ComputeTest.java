package worldmodels.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDManager;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class ComputeTest {

    /** Where NNPACK does not know the processor, each small convolution would write a line. */
    @Test
    void libtorchTellsErrorsAlone() {
        try (NDManager manager = Compute.newManager()) {
            int level = SymbolLookup.loaderLookup().find(Compute.LOG_LEVEL).orElseThrow().reinterpret(Integer.BYTES).get(ValueLayout.JAVA_INT, 0);
            assertEquals(Compute.ERROR, level, "the least severity that libtorch writes");
        }
    }
}
