package worldmodels.study.carracing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import worldmodels.env.carracing.Situation;
import worldmodels.random.Pcg64;

class MomentsTest {

    /** z = [2 speed - heading, heading + 1, noise]: two quantities can be read from it as weighted sums, the third cannot. */
    private static Moments moments(long seed, int count) {
        Pcg64 random = Pcg64.stream(seed, "moments");
        List<double[]> z = new ArrayList<>();
        List<Situation> situations = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Situation situation = new Situation(random.uniform(0, 30), random.uniform(-1, 1), random.uniform(-6, 6), random.uniform(-0.1, 0.1));
            situations.add(situation);
            z.add(new double[] {2 * situation.speed() - situation.heading(), situation.heading() + 1, random.standardNormal()});
        }
        return new Moments(z, situations);
    }

    @Test
    void probesReadFromZWhatIsInItAndNothingElse() {
        Map<String, Double> shares = moments(1, 400).probes(moments(2, 300));
        assertEquals(List.of("speed", "heading to the road", "curvature ahead"), List.copyOf(shares.keySet()));
        assertEquals(1, shares.get("speed"), 1e-6);
        assertEquals(1, shares.get("heading to the road"), 1e-6);
        assertTrue(Math.abs(shares.get("curvature ahead")) < 0.1, shares.toString());
    }
}
