package worldmodels.study.carracing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import worldmodels.memory.LatentEpisode;

class MemoryTest {

    private static LatentEpisode episode(int frames) {
        return new LatentEpisode(1, new float[frames], new float[frames], new float[frames], new float[frames], false);
    }

    @Test
    void aRoundsOwnEpisodesAreShownAsOftenAsTheirShareTakes() {
        List<LatentEpisode> episodes = List.of(episode(100), episode(200), episode(50), episode(10));
        assertEquals(episodes, Memory.shown(episodes, 2, 0), "each once");
        assertEquals(episodes, Memory.shown(episodes, 0, 0.5), "of the first round all are its own");
        List<LatentEpisode> half = Memory.shown(episodes, 2, 0.5);
        // 5 times 60 frames beside 300.
        assertEquals(List.of(1, 1, 5, 5), episodes.stream().map(one -> Collections.frequency(half, one)).toList());
    }
}
