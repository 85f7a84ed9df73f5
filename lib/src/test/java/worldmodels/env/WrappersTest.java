package worldmodels.env;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import worldmodels.env.carracing.CarRacing;
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

    /** The car stands still: the two tiles under it are paid for in the first step, then nothing comes. */
    @Test
    void stallLimitGivesAStandingCarTheReturnOfTheWholeEpisodeEarly() {
        double[] nothing = {0, 0, 1};
        Environment whole = new TimeLimit(new CarRacing(), 300);
        Environment cut = new StallLimit(new CarRacing(), 300, 40);
        assertEquals(300, play(whole, nothing).steps());
        assertEquals(41, play(cut, nothing).steps());
        assertEquals(play(whole, nothing).sum(), play(cut, nothing).sum(), 1e-9);
        Environment plain = StallLimit.withoutForecast(new CarRacing(), 300, 40);
        assertEquals(41, play(plain, nothing).steps());
        assertEquals(play(new TimeLimit(new CarRacing(), 41), nothing).sum(), play(plain, nothing).sum(), 1e-9, "without a forecast only what was paid");
    }

    @Test
    void stallLimitLeavesACarThatGetsOnAlone() {
        double[] gas = {0, 0.1, 0};
        Environment whole = new TimeLimit(new CarRacing(), 100);
        Environment patient = new StallLimit(new CarRacing(), 100, 99);
        assertEquals(play(whole, gas), play(patient, gas));
    }

    private record Played(double sum, int steps) {}

    private static Played play(Environment environment, double[] action) {
        environment.reset(1);
        double sum = 0;
        int steps = 0;
        Transition transition;
        do {
            transition = environment.step(action);
            sum += transition.reward();
            steps++;
        } while (!transition.ended());
        return new Played(sum, steps);
    }

    @Test
    void wrappersShowWhatIsInside() {
        Environment inside = new TinyWorld(8, 5, 5);
        assertSame(inside, new TimeLimit(new ActionRepeat(inside, 2), 10).unwrapped());
    }

    @Test
    void refuseNonsense() {
        assertThrows(KitException.class, () -> new TimeLimit(new TinyWorld(8, 5, 5), 0));
        assertThrows(KitException.class, () -> new StallLimit(new TinyWorld(8, 5, 5), 10, 0));
        KitException thrown = assertThrows(KitException.class, () -> new ActionRepeat(new TinyWorld(8, 5, 5), 0));
        assertTrue(thrown.getMessage().contains("at least once"));
    }

    private static Transition withoutReward(Transition t) {
        return new Transition(0, t.terminated(), t.truncated());
    }
}
