package worldmodels.study.carracing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
        String all = Stream.of(WorldModelsRow.values()).map(Enum::name).collect(Collectors.joining(", "));
        Preset laptop = Preset.named("laptop").with("evaluation.rows", all).with("late.generations", "60");
        try (CarRacingExperiment experiment = CarRacingExperiment.open(laptop, work); WorldModelsRows rows = new WorldModelsRows(experiment)) {
            assertEquals(List.of(WorldModelsRow.values()), rows.rows());
            rows.rows().forEach(row -> assertEquals(3, rows.stages(row).size(), row + " has a chain without it"));
            Stage full = rows.stages(WorldModelsRow.Z_H).getFirst();
            Stage memory = input(rows.stages(WorldModelsRow.UNTRAINED_M).getFirst(), "memory");
            assertEquals(input(full, "vision"), input(memory, "vision"));
            assertNotEquals(input(full, "memory"), memory);
            assertEquals("false", memory.setting("memory.trained"));
            Stage vision = input(rows.stages(WorldModelsRow.UNTRAINED_V_AND_M).getFirst(), "vision");
            assertEquals("RANDOM_ENCODER", vision.setting("model.vision"));
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
    void aRowHasItsLapsBesideItsScoreAndThePublishedNumber() {
        Preset preset = Preset.named("smoke").with("chains", "2").with("evaluation.rows", "Z, Z_H");
        try (CarRacingExperiment experiment = CarRacingExperiment.open(preset, work); WorldModelsRows rows = new WorldModelsRows(experiment)) {
            List<String> lines = WorldModelsTable.of(rows, scores(), of(0, 0, 0, 0)).markdown().lines().toList();
            assertTrue(lines.get(2).startsWith("| row | ours | SD | median | IQM | laps | steps of a lap | n | k | published | difference |"), lines.get(2));
            String full = lines.stream().filter(line -> line.startsWith("| z and h |")).findFirst().orElseThrow();
            assertTrue(full.contains("| 3 | 900 | 4 | 2 | 906 ± 21 | -41 |"), full);
            assertTrue(full.contains(rows.stages(WorldModelsRow.Z_H).getLast().key()), full);
            String onZ = lines.stream().filter(line -> line.startsWith("| z |")).findFirst().orElseThrow();
            assertTrue(onZ.contains("| 0 | – | 4 | 2 | 632 ± 251 |"), onZ);
        }
    }

    @Test
    void rowsAreComparedWithZAndHChainByChainAndTrackByTrack() {
        Preset preset = Preset.named("smoke").with("chains", "2").with("evaluation.rows", "Z, Z_H");
        try (CarRacingExperiment experiment = CarRacingExperiment.open(preset, work); WorldModelsRows rows = new WorldModelsRows(experiment)) {
            List<String> lines = WorldModelsTable.pairs(rows, scores()).csv().lines().toList();
            assertEquals(2, lines.size(), "none with itself");
            // 610 - 910, 890 - 900, 20 - 920, 800 - 730; of the eight pairs on a track 890 and 800 beat 730.
            assertTrue(lines.get(1).startsWith("z,\"-285.0 [") && lines.get(1).contains(",\"0.25 [") && lines.get(1).endsWith(",4,2"), lines.get(1));
        }
    }

    private static SequencedMap<WorldModelsRow, Evaluation> scores() {
        SequencedMap<WorldModelsRow, Evaluation> scores = new LinkedHashMap<>();
        scores.put(WorldModelsRow.Z, of(610, 890, 20, 800));
        scores.put(WorldModelsRow.Z_H, of(910, 900, 920, 730));
        return scores;
    }

    @Test
    void aLateGainIsShownChainByChain() {
        TreeMap<Long, LateGain> gains = new TreeMap<>();
        gains.put(1L, new LateGain(of(1, 2, 3, 4), of(11, 12, 13, 14)));
        String table = WorldModelsTable.lateGains(gains).markdown();
        assertTrue(table.contains("| 1 | 2.50 | 12.5 | 10.0 [10.0, 10.0] | 4 | after |"), table);
    }
}
