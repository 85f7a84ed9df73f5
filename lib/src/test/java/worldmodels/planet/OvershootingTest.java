package worldmodels.planet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;
import worldmodels.nn.Compute;
import worldmodels.nn.Gradients;
import worldmodels.nn.Noise;
import worldmodels.nn.Normal;
import worldmodels.nn.Parameters;

class OvershootingTest {

    private static final LatentShape SMALL = new LatentShape(6, 3, 5, 8, 2, 0.1);

    /** The grid of the class comment: states are letters, an action of 1 leads from one to the next. */
    @Test
    void priorsMeetThePosteriorsOfTheLetterGrid() {
        try (NDManager manager = Compute.newManager()) {
            NDArray letters = manager.create(new float[] {'A', 'B', 'C', 'D', 'E'}, new Shape(5, 1));
            LatentState watched = new LatentState(null, Normal.of(letters, letters.onesLike()), letters);
            NDArray actions = manager.ones(new Shape(5, 1));
            List<Overshooting.Pairing> pairings = Overshooting.pairings(watched, actions, 5, 3, (state, action, distance) -> {
                NDArray next = state.sample().add(action);
                return new LatentState(null, Normal.of(next, next.onesLike()), next);
            });
            assertEquals("1: b~B c~C d~D e~E, 2: c~C d~D e~E, 3: d~D e~E", grid(pairings));
        }
    }

    /** Two sequences side by side: rows stay with their own, and each action is that of the step it leads into. */
    @Test
    void sequencesOfABatchDoNotMix() {
        try (NDManager manager = Compute.newManager()) {
            // a b c d and 10 times as fast; the action into step t is t's own increment.
            NDArray states = manager.create(new float[] {0, 100, 1, 110, 3, 130, 6, 160}, new Shape(8, 1));
            NDArray actions = manager.create(new float[] {9, 9, 1, 10, 2, 20, 3, 30}, new Shape(8, 1));
            LatentState watched = new LatentState(null, Normal.of(states, states.onesLike()), states);
            for (Overshooting.Pairing pairing : Overshooting.pairings(watched, actions, 4, 9, (state, action, distance) -> {
                NDArray next = state.sample().add(action);
                return new LatentState(null, Normal.of(next, next.onesLike()), next);
            })) {
                NDArray difference = pairing.prior().mean().sub(pairing.posterior().mean()).abs();
                assertEquals(0, difference.sum().toFloatArray()[0], "distance " + pairing.distance());
                assertEquals(2L * (4 - pairing.distance()), difference.size());
            }
        }
    }

    @Test
    void distanceOneIsTheOrdinaryDivergence() {
        try (NDManager manager = Compute.newManager(); Parameters parameters = new Parameters(manager); Gradients.Pause pause = Gradients.pause()) {
            Rssm rssm = new Rssm(parameters, SMALL, FirstWeights.PLAIN, 1);
            NDArray actions = Noise.normal(manager, new Shape(12, 2), 2);
            LatentSequence sequence = rssm.observe(4, actions, Noise.normal(manager, new Shape(12, 8), 3),
                    Noise.normal(manager, new Shape(12, 3), 4));
            double ordinary = rssm.divergence(sequence.posterior(), sequence.prior()).get("3:").mean().toFloatArray()[0];
            assertEquals(ordinary, Overshooting.upTo(1, 1).loss(rssm, sequence, actions, 4, 0, 5).toFloatArray()[0], 1e-5);
            // Weights are per distance, and the sum is divided by their number.
            Overshooting weighted = new Overshooting(List.of(6.0, 0.0));
            assertEquals(3 * ordinary, weighted.loss(rssm, sequence, actions, 4, 0, 5).toFloatArray()[0], 1e-5);
            assertEquals(0, Overshooting.NONE.loss(rssm, sequence, actions, 4, 0, 5).toFloatArray()[0]);
        }
    }

    @Test
    void posteriorIsNotDrawnToThePriors() {
        try (NDManager manager = Compute.newManager(); Parameters parameters = new Parameters(manager)) {
            Rssm rssm = new Rssm(parameters, SMALL, FirstWeights.PLAIN, 1);
            try (NDManager scope = manager.newSubManager(); Gradients.Tape tape = Gradients.record()) {
                NDArray actions = Noise.normal(scope, new Shape(4, 2), 2);
                // With one step before the comparison the posterior that a prior starts from is the first step's alone.
                LatentSequence sequence = rssm.observe(2, actions, Noise.normal(scope, new Shape(4, 8), 3), Noise.normal(scope, new Shape(4, 3), 4));
                NDArray constantStart = new LatentState(sequence.belief().stopGradient(), null, sequence.sample().stopGradient()).sample();
                LatentSequence started = new LatentSequence(sequence.belief().stopGradient(), sequence.prior(), sequence.posterior(), constantStart);
                tape.backward(Overshooting.upTo(1, 1).loss(rssm, started, actions, 2, 0, 5));
                assertEquals(0, largest(parameters, "dynamics.posterior.output.weight"));
                assertEquals(true, largest(parameters, "dynamics.prior.output.weight") > 0);
            }
        }
    }

    private static float largest(Parameters parameters, String name) {
        NDArray gradient = parameters.array(name).getGradient();
        return gradient.abs().max().toFloatArray()[0];
    }

    private static String grid(List<Overshooting.Pairing> pairings) {
        StringBuilder grid = new StringBuilder();
        for (Overshooting.Pairing pairing : pairings) {
            grid.append(grid.isEmpty() ? "" : ", ").append(pairing.distance()).append(':');
            float[] prior = pairing.prior().mean().toFloatArray();
            float[] posterior = pairing.posterior().mean().toFloatArray();
            for (int i = 0; i < prior.length; i++) {
                grid.append(' ').append(Character.toLowerCase((char) prior[i])).append('~').append((char) posterior[i]);
            }
        }
        return grid.toString();
    }
}
