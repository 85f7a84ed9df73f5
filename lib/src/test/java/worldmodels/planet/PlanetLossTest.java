package worldmodels.planet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import worldmodels.nn.Compute;
import worldmodels.nn.Gradients;
import worldmodels.nn.Noise;
import worldmodels.run.KitException;

class PlanetLossTest {

    private static final long NOISE = 9;

    @Test
    void isTheWeightedSumOfItsTerms() {
        try (NDManager manager = Compute.newManager(); PlanetModel model = new PlanetModel(manager, Toy.shape(Dynamics.RSSM), 1)) {
            SequenceBatch batch = Toy.batch(4, 2, 1);
            float[] google = values(model, batch, free(0, ImageLoss.LOG_LIKELIHOOD, RewardScale.TEN_LOG_LIKELIHOODS));
            assertEquals(0.5 * google[1] + 5 * google[2] + google[3], google[0], 1e-3);
            float[] kaixhin = values(model, batch, free(0, ImageLoss.SQUARED_ERROR, RewardScale.SQUARED_ERROR));
            assertEquals(kaixhin[1] + kaixhin[2] + kaixhin[3], kaixhin[0], 1e-3);
            // Uniform noise against a picture of about 0: 12,288 values of variance 1/12.
            assertEquals(12_288 / 12.0, google[1], 60);
        }
    }

    @Test
    void natsAreFreeStepByStepBeforeTheMean() {
        try (NDManager manager = Compute.newManager(); PlanetModel model = new PlanetModel(manager, Toy.shape(Dynamics.RSSM), 1)) {
            // Posterior means of the size of the pictures' differences: some steps lie above the mean, some below.
            model.parameters().set("dynamics.posterior.output.weight",
                    Noise.normal(manager, model.parameters().array("dynamics.posterior.output.weight").getShape(), 4));
            SequenceBatch batch = Toy.batch(4, 2, 1);
            float[] all = values(model, batch, free(0, ImageLoss.LOG_LIKELIHOOD, RewardScale.SQUARED_ERROR));
            double mean = all[3];
            float[] above = values(model, batch, free(mean, ImageLoss.LOG_LIKELIHOOD, RewardScale.SQUARED_ERROR));
            assertEquals(mean, above[3], 1e-3, "what is logged has no free nats");
            double costly = mean - (all[0] - above[0]);
            assertTrue(costly > 0.01, "the mean is free, single steps above it are not: " + costly);
            float[] none = values(model, batch, free(1e6, ImageLoss.LOG_LIKELIHOOD, RewardScale.SQUARED_ERROR));
            assertEquals(mean, all[0] - none[0], 1e-2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void gradientsAreThoseOfFiniteDifferences(Dynamics kind) {
        PlanetSettings settings = free(0.01, ImageLoss.LOG_LIKELIHOOD, RewardScale.TEN_LOG_LIKELIHOODS);
        try (NDManager manager = Compute.newManager(); PlanetModel model = new PlanetModel(manager, Toy.shape(kind), 1)) {
            SequenceBatch batch = Toy.batch(3, 2, 1);
            // Away from 0, where the first step's relu has a kink.
            for (String name : model.parameters().names()) {
                NDArray parameter = model.parameters().array(name);
                if (name.toLowerCase(Locale.ROOT).endsWith("bias")) {
                    model.parameters().set(name, Noise.normal(manager, parameter.getShape(), name.hashCode()).muli(0.1f));
                }
            }
            backward(model, batch, settings);
            model.parameters().names().forEach(name -> assertGradient(model, batch, settings, name));
        }
    }

    /** What is decoded is chosen by the seed, which stays the same. */
    @Test
    void gradientsOfASharesPicturesAndOfRewardsAheadAreThoseOfFiniteDifferences() {
        PlanetSettings settings = Toy.settings("planet.freeNats=0.01", "planet.decoded=0.5", "planet.rewardAhead=2");
        try (NDManager manager = Compute.newManager(); PlanetModel model = new PlanetModel(manager, Toy.shape(Dynamics.RSSM), 1)) {
            SequenceBatch batch = Toy.batch(4, 2, 1);
            for (String name : model.parameters().names()) {
                if (name.toLowerCase(Locale.ROOT).endsWith("bias")) {
                    model.parameters().set(name, Noise.normal(manager, model.parameters().array(name).getShape(), name.hashCode()).muli(0.1f));
                }
            }
            backward(model, batch, settings);
            model.parameters().names().forEach(name -> assertGradient(model, batch, settings, name));
        }
    }

    /** For the weights that no posterior depends on: a posterior is a constant to overshooting, and a difference would not know that. */
    @Test
    void gradientsOfOvershootingAreThoseOfFiniteDifferences() {
        PlanetSettings settings = Toy.settings("planet.freeNats=0.01", "planet.rewardScale=SQUARED_ERROR", "planet.overshooting=3", "planet.overshootingWeight=50");
        try (NDManager manager = Compute.newManager(); PlanetModel model = new PlanetModel(manager, Toy.shape(Dynamics.RSSM), 1)) {
            SequenceBatch batch = Toy.batch(4, 2, 1);
            backward(model, batch, settings);
            model.parameters().names().stream().filter(name -> name.contains("prior")).forEach(name -> assertGradient(model, batch, settings, name));
        }
    }

    private static void backward(PlanetModel model, SequenceBatch batch, PlanetSettings settings) {
        try (NDManager scope = model.parameters().manager().newSubManager(); Gradients.Tape tape = Gradients.record()) {
            tape.backward(PlanetLoss.of(model, scope, batch, settings, NOISE).total());
        }
    }

    /** Along the gradient itself: d/dx of the loss is its length. */
    private static void assertGradient(PlanetModel model, SequenceBatch batch, PlanetSettings settings, String name) {
        try (NDManager scope = model.parameters().manager().newSubManager(); Gradients.Pause pause = Gradients.pause()) {
            NDArray parameter = model.parameters().array(name);
            NDArray before = parameter.duplicate();
            before.attach(scope);
            NDArray gradient = parameter.getGradient();
            gradient.attach(scope);
            float length = gradient.square().sum().sqrt().toFloatArray()[0];
            if (length < 1e-3) {
                return;
            }
            NDArray direction = gradient.div(length);
            float step = 2e-3f;
            model.parameters().set(name, before.add(direction.mul(step)));
            double up = values(model, batch, settings)[0];
            model.parameters().set(name, before.sub(direction.mul(step)));
            double down = values(model, batch, settings)[0];
            model.parameters().set(name, before);
            double difference = (up - down) / (2 * step);
            assertEquals(length, difference, 0.05 * length + 0.1, name);
        }
    }

    @Test
    void brokenModelStopsWithASentence() {
        try (NDManager manager = Compute.newManager(); PlanetModel model = new PlanetModel(manager, Toy.shape(Dynamics.RSSM), 1);
                PlanetOptimiser optimiser = new PlanetOptimiser(model, Toy.settings(), 1)) {
            model.parameters().set("decoder.deconv4.bias", manager.create(new float[] {Float.NaN, 0, 0}));
            KitException thrown = assertThrows(KitException.class, () -> optimiser.update(Toy.batch(3, 2, 1), 17));
            assertTrue(thrown.getMessage().contains("the squared error of the pictures is NaN"), thrown.getMessage());
        }
    }

    private static float[] values(PlanetModel model, SequenceBatch batch, PlanetSettings settings) {
        try (NDManager scope = model.parameters().manager().newSubManager(); Gradients.Pause pause = Gradients.pause()) {
            return PlanetLoss.of(model, scope, batch, settings, NOISE).values();
        }
    }

    private static PlanetSettings free(double nats, ImageLoss image, RewardScale reward) {
        return Toy.settings("planet.freeNats=" + nats, "planet.imageLoss=" + image, "planet.rewardScale=" + reward);
    }
}
