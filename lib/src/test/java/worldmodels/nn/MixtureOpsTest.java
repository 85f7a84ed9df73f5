package worldmodels.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.Test;

class MixtureOpsTest {

    private static final int K = 3;
    private static final int Z = 4;
    private static final int COLUMNS = 3 * K * Z + 2;

    /** 1,203 rows are three pieces, the last one short. */
    @Test
    void equalsPlainOperationsInDoublesAndTheirGradient() {
        try (NDManager manager = Compute.newManager(); Gradients.Tape tape = Gradients.record()) {
            int rows = 1_203;
            NDArray outputs = Noise.normal(manager, new Shape(rows, COLUMNS), 1);
            NDArray targets = Noise.normal(manager, new Shape(rows, Z), 2);
            NDArray weights = Noise.uniform(manager, new Shape(rows), 0, 1, 3);
            NDArray exact = outputs.toType(DataType.FLOAT64, true);
            exact.setRequiresGradient(true);
            NDArray plain = plain(exact, targets.toType(DataType.FLOAT64, true), weights.toType(DataType.FLOAT64, true), 1);
            tape.backward(plain);
            MixtureOps.Likelihood likelihood = MixtureOps.negativeLogLikelihood(manager, outputs, targets, weights, K, 1);
            double total = plain.toDoubleArray()[0];
            assertEquals(total, likelihood.total().toFloatArray()[0], 1e-6 * total);
            double[] expected = exact.getGradient().toDoubleArray();
            float[] actual = likelihood.gradient().toFloatArray();
            for (int i = 0; i < expected.length; i++) {
                assertEquals(expected[i], actual[i], 1e-5 * Math.max(1, Math.abs(expected[i])), "output " + i);
            }
        }
    }

    @Test
    void gradientIsTheSlopeOfTheLoss() {
        try (NDManager manager = Compute.newManager()) {
            NDArray targets = Noise.normal(manager, new Shape(2, Z), 2);
            NDArray weights = manager.create(new float[] {1, 0});
            float[] values = Noise.normal(manager, new Shape(2, COLUMNS), 1).toFloatArray();
            NDArray outputs = manager.create(values, new Shape(2, COLUMNS));
            float[] gradient = MixtureOps.negativeLogLikelihood(manager, outputs, targets, weights, K, 7).gradient().toFloatArray();
            for (int i = 0; i < values.length; i++) {
                float step = 0.01f;
                double up = loss(manager, values, i, step, targets, weights);
                double slope = (up - loss(manager, values, i, -step, targets, weights)) / (2 * step);
                assertEquals(slope, gradient[i], 1e-3, "output " + i);
                if (i >= COLUMNS) {
                    assertEquals(0, Math.abs(gradient[i]), "a row of weight 0");
                }
            }
        }
    }

    @Test
    void extremeOutputsStayFinite() {
        try (NDManager manager = Compute.newManager()) {
            float[] values = new float[3 * K * Z];
            for (int i = 0; i < values.length; i++) {
                values[i] = (i % 2 == 0 ? 1 : -1) * 100;
            }
            NDArray outputs = manager.create(values, new Shape(1, values.length));
            MixtureOps.Likelihood likelihood = MixtureOps.negativeLogLikelihood(manager, outputs, manager.ones(new Shape(1, Z)),
                    manager.ones(new Shape(1)), K, 7);
            for (NDArray array : new NDArray[] {likelihood.total(), likelihood.gradient()}) {
                for (float value : array.toFloatArray()) {
                    assertEquals(true, Float.isFinite(value), "value " + value);
                }
            }
        }
    }

    private static double loss(NDManager manager, float[] values, int changed, float by, NDArray targets, NDArray weights) {
        float[] moved = values.clone();
        moved[changed] += by;
        NDArray outputs = manager.create(moved, new Shape(2, COLUMNS));
        return MixtureOps.negativeLogLikelihood(manager, outputs, targets, weights, K, 7).total().toFloatArray()[0];
    }

    private static NDArray plain(NDArray outputs, NDArray targets, NDArray weights, float bound) {
        long rows = targets.getShape().get(0);
        NDArray logits = outputs.get(":, 0:" + K * Z).reshape(rows, K, Z);
        NDArray mean = outputs.get(":, " + K * Z + ":" + 2 * K * Z).reshape(rows, K, Z);
        NDArray logSigma = outputs.get(":, " + 2 * K * Z + ":" + 3 * K * Z).reshape(rows, K, Z).maximum(-bound).minimum(bound);
        NDArray e = targets.reshape(rows, 1, Z).sub(mean).div(logSigma.exp());
        NDArray density = logits.softmax(1).mul(TorchOps.times(e.square(), -0.5).exp()).div(logSigma.exp()).sum(new int[] {1})
                .div((float) Math.sqrt(2 * Math.PI));
        return density.log().neg().mul(weights.reshape(rows, 1)).sum();
    }
}
