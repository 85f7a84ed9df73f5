package worldmodels.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private static final class Heard implements Progress {
        private final List<String> lines = new ArrayList<>();

        @Override
        public void start(String work, long total, String unit) {
            lines.add(work + ", " + total + " " + unit);
        }

        @Override
        public void at(long completed, String note) {
            lines.add(completed + " " + note);
        }

        @Override
        public void done(String note) {
            lines.add("done " + note);
        }
    }

    private static void play(Progress progress) {
        progress.start("Playing", 2, "episodes");
        progress.at(1, "a");
        progress.at(2, "b");
        progress.done("c");
    }

    @Test
    void aPartSaysOnlyHowFarItIs() {
        Heard whole = new Heard();
        play(Progress.ofPart((completed, note) -> whole.at(10, completed + " of the part, " + note)));
        assertEquals(List.of("10 1 of the part, a", "10 2 of the part, b"), whole.lines);
    }

    @Test
    void theRestOfAWorkIsCountedOn() {
        Heard whole = new Heard();
        play(whole.forRest("Recording", 5));
        assertEquals(List.of("Recording, 7 episodes", "5 ", "6 a", "7 b", "done c"), whole.lines);
    }
}
