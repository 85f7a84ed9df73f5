package worldmodels.study.carracing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import java.util.List;
import org.junit.jupiter.api.Test;
import worldmodels.memory.LatentEpisode;
import worldmodels.memory.MdnRnn;
import worldmodels.memory.MdnRnnShape;
import worldmodels.nn.Compute;

class MemoryFiguresTest {

    private static final MdnRnnShape SHAPE = new MdnRnnShape(2, 3, 4, 2, false, false);

    /** An M whose output is its bias alone: for the first number two components at -3 and 3, for the second two at 0. */
    private static MdnRnn twoBumps(NDManager manager) {
        MdnRnn memory = new MdnRnn(manager, SHAPE, 1);
        memory.parameters().set("output.weight", manager.zeros(memory.parameters().array("output.weight").getShape()));
        // (3, K, Z): logits, means, log sigmas; the number of z innermost.
        memory.parameters().set("output.bias", manager.create(new float[] {0, 0, 0, 0, -3, 0, 3, 0, -1, 0, -1, 0}));
        return memory;
    }

    @Test
    void mixturesWithSeveralMaximaAreCounted() {
        try (NDManager manager = Compute.newManager(); MdnRnn memory = twoBumps(manager)) {
            LatentEpisode episode = new LatentEpisode(2, new float[12], new float[12], new float[18], new float[6], false);
            MemoryFigures.Bumps bumps = MemoryFigures.bumps(memory, episode, 0, 1);
            assertEquals(10, bumps.mixtures(), "five steps, two numbers");
            assertEquals(5, bumps.several());
            assertEquals(0, bumps.coordinate());
            assertTrue(bumps.share() > 0.9, "9 of 9 + e^-2 lie between the components: " + bumps.share());
        }
    }

    @Test
    void theLossOfANumberWithoutMeaningIsThatOfAStandardNormal() {
        try (NDManager manager = Compute.newManager(); MdnRnn memory = twoBumps(manager)) {
            // Means 0 and log variances 0: z is drawn from N(0, 1), which is what M says of the second number.
            int frames = 2000;
            LatentEpisode episode = new LatentEpisode(2, new float[2 * frames], new float[2 * frames], new float[3 * frames], new float[frames], false);
            double[] losses = MemoryFigures.lossByNumber(memory, List.of(episode), 1);
            assertEquals(1.419, losses[1], 0.03);
            assertTrue(losses[0] > 10, "far from both bumps: " + losses[0]);
        }
    }
}
