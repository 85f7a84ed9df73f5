package worldmodels.env;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import worldmodels.run.KitException;

class WrappersTest {

    private static final double[] ACTION = {0.5, 1, 0};

    @Test
    void timeLimitTruncatesAtItsStepInEachEpisode() {
        Environment limited = new TimeLimit(new TinyWorld(8, 10, 10), 4);
        for (int episode = 0; episode < 2; episode++) {
            limited.reset(episode);
            for (int t = 1; t < 4; t++) {
                assertFalse(limited.step(ACTION).ended());
            }
            assertEquals(new Transition(0, false, true), withoutReward(limited.step(ACTION)));
        }
    }

    @Test
    void timeLimitLeavesAnEarlierEndAsItIs() {
        Environment limited = new TimeLimit(new TinyWorld(8, 3, 3), 4);
        limited.reset(0);
        limited.step(ACTION);
        limited.step(ACTION);
        assertEquals(new Transition(0, true, false), withoutReward(limited.step(ACTION)));
    }

    @Test
    void actionRepeatSumsRewardsAndStopsAtTheEnd() {
        Environment plain = new TinyWorld(8, 5, 5);
        Environment repeated = new ActionRepeat(new TinyWorld(8, 5, 5), 3);
        plain.reset(1);
        repeated.reset(1);
        double three = plain.step(ACTION).reward() + plain.step(ACTION).reward() + plain.step(ACTION).reward();
        assertEquals(new Transition(three, false, false), repeated.step(ACTION));
        double two = plain.step(ACTION).reward() + plain.step(ACTION).reward();
        assertEquals(new Transition(two, true, false), repeated.step(ACTION));
    }

    @Test
    void wrappersShowWhatIsInside() {
        Environment inside = new TinyWorld(8, 5, 5);
        assertSame(inside, new TimeLimit(new ActionRepeat(inside, 2), 10).unwrapped());
    }

    @Test
    void refuseNonsense() {
        assertThrows(KitException.class, () -> new TimeLimit(new TinyWorld(8, 5, 5), 0));
        KitException thrown = assertThrows(KitException.class, () -> new ActionRepeat(new TinyWorld(8, 5, 5), 0));
        assertTrue(thrown.getMessage().contains("at least once"));
    }

    private static Transition withoutReward(Transition t) {
        return new Transition(0, t.terminated(), t.truncated());
    }
}
