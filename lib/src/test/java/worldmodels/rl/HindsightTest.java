package worldmodels.rl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class HindsightTest {

    /** Three steps of 0.2 along the line towards a goal at 0.9, which is never achieved. */
    private static final List<Moment> EPISODE = List.of(step(0, 0.2f, false), step(0.2f, 0.4f, false), step(0.4f, 0.6f, false));

    private static Moment step(float from, float to, boolean terminated) {
        return new Moment(new float[] {from * from, from, 0.9f}, new float[] {1}, -1, new float[] {to * to, to, 0.9f}, terminated);
    }

    @Test
    void judgesEachStepForTheGoalThatWasAchievedThenOrLater() {
        List<Moment> relabelled = new Hindsight(new Line(false), 4).relabelled(EPISODE, 5);
        assertEquals(12, relabelled.size());
        boolean[][] came = new boolean[3][3];
        for (int i = 0; i < 12; i++) {
            int t = i / 4;
            Moment moment = relabelled.get(i);
            float goal = moment.observation()[2];
            int of = Math.round(goal / 0.2f) - 1;
            assertTrue(of >= t && of <= 2, "a goal of the future: " + goal);
            came[t][of] = true;
            assertEquals(EPISODE.get(of).next()[1], goal);
            assertEquals(goal, moment.next()[2]);
            assertEquals(of == t ? 0 : -1, moment.reward(), "achieved by this very step or not yet");
            assertArrayEquals(new float[] {EPISODE.get(t).observation()[0], EPISODE.get(t).observation()[1], goal}, moment.observation());
            assertEquals(EPISODE.get(t).next()[1], moment.next()[1]);
            assertFalse(moment.terminated());
        }
        assertArrayEquals(new boolean[] {false, false, true}, came[2]);
        assertEquals(0.9f, EPISODE.getFirst().observation()[2], "the episode itself stays");
    }

    @Test
    void everyLaterStepIsAsLikely() {
        int[] count = new int[3];
        for (int seed = 0; seed < 1000; seed++) {
            for (Moment moment : new Hindsight(new Line(false), 3).relabelled(EPISODE, seed).subList(0, 3)) {
                count[Math.round(moment.observation()[2] / 0.2f) - 1]++;
            }
        }
        for (int n : count) {
            // 3000 draws; four standard deviations.
            assertEquals(1000, n, 4 * Math.sqrt(3000 * 2 / 9.0));
        }
    }

    @Test
    void terminatesWhereTheOtherGoalIsAchievedIfSuccessEndsAnEpisode() {
        Hindsight hindsight = new Hindsight(new Line(true), 1);
        assertTrue(hindsight.judged(EPISODE.get(1), new float[] {0.4f}).terminated());
        assertEquals(0, hindsight.judged(EPISODE.get(1), new float[] {0.4f}).reward());
        assertFalse(hindsight.judged(EPISODE.get(1), new float[] {0.6f}).terminated());
        // It ended by its own success, which is none for a goal elsewhere.
        assertFalse(hindsight.judged(step(0.6f, 0.8f, true), new float[] {0.2f}).terminated());
        // What ends for another reason ends whatever was wanted.
        assertTrue(new Hindsight(new Line(false), 1).judged(step(0.6f, 0.8f, true), new float[] {0.2f}).terminated());
    }
}
