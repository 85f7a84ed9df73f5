package worldmodels.study.carracing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import worldmodels.evaluation.Evaluation;
import worldmodels.evaluation.TestEpisode;
import worldmodels.run.Preset;
import worldmodels.run.Stage;

class WorldModelsTableTest {

    @TempDir
    Path work;

    private static Evaluation of(double... scores) {
        return new Evaluation(List.of(new TestEpisode(1, 5, scores[0], 900), new TestEpisode(1, 6, scores[1], 1000), new TestEpisode(2, 5, scores[2], 800),
                new TestEpisode(2, 6, scores[3], 700)));
    }

    @Test
    void aLapIsFinishedWhereEveryTileWasPaidFor() {
        // 1000 for all tiles less 0.1 a step: 910 after 900 steps, 900 after 1000, 920 after 800; the last has left the field with -100.
        assertEquals(new Laps(3, 900), Laps.of(of(910, 900, 920, 730)));
        assertEquals(0, Laps.of(of(905, 896, 916, 926)).finished(), "a tile of 300 brings 3.3");
        assertTrue(Double.isNaN(Laps.of(of(0, 0, 0, 0)).steps()));
    }

    @Test
    void eachRowChangesWhatItsNameSaysAndNothingElse() {
        Preset laptop = Preset.named("laptop");
        try (CarRacingExperiment experiment = CarRacingExperiment.open(laptop, work); WorldModelsRows rows = new WorldModelsRows(experiment)) {
            assertEquals(List.of(WorldModelsRow.values()), rows.rows());
            rows.rows().forEach(row -> assertEquals(3, rows.stages(row).size(), row + " has a chain without it"));
            Stage full = rows.stages(WorldModelsRow.Z_H).getFirst();
            Stage memory = input(rows.stages(WorldModelsRow.UNTRAINED_M).getFirst(), "memory");
            assertEquals(input(full, "vision"), input(memory, "vision"));
            assertNotEquals(input(full, "memory"), memory);
            assertEquals("false", memory.setting("memory.trained"));
            Stage vision = input(rows.stages(WorldModelsRow.UNTRAINED_V_AND_M).getFirst(), "vision");
            assertEquals("false", vision.setting("vision.trained"));
            assertEquals(input(full, "rollouts"), input(vision, "rollouts"));
            Stage sampled = rows.stages(WorldModelsRow.OTHER_LATENT).getFirst();
            assertEquals(input(full, "memory"), input(sampled, "memory"));
            assertEquals("SAMPLED", sampled.setting("agent.latent"));
            assertTrue(rows.stages(WorldModelsRow.LATE).getFirst().ancestry().contains(input(full, "controller-z-h-1")), "it goes on from the row of z and h");
        }
        assertEquals(List.of(WorldModelsRow.Z, WorldModelsRow.Z_HIDDEN, WorldModelsRow.Z_H), WorldModelsRows.of(Preset.named("paper")));
        assertTrue(!WorldModelsRows.of(laptop.with("late.generations", "0")).contains(WorldModelsRow.LATE));
    }

    private static Stage input(Stage stage, String name) {
        return stage.ancestry().stream().filter(before -> before.name().equals(name)).findFirst().orElseThrow();
    }

    @Test
    void aLateGainIsShownChainByChain() {
        TreeMap<Long, LateGain> gains = new TreeMap<>();
        gains.put(1L, new LateGain(of(1, 2, 3, 4), of(11, 12, 13, 14)));
        String table = WorldModelsTable.lateGains(gains).markdown();
        assertTrue(table.contains("| 1 | 2.50 | 12.5 | 10.0 [10.0, 10.0] | 4 | after |"), table);
    }
}
