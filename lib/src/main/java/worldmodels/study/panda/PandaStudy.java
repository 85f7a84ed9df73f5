package worldmodels.study.panda;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import worldmodels.env.panda.PandaVersion;
import worldmodels.run.Preset;
import worldmodels.run.Settings;
import worldmodels.run.Settings.Key;
import worldmodels.run.Settings.Least;

/**
 * What a preset says of the grid.
 *
 * @param seed               the first training seed
 * @param algorithms         that learn
 * @param tasks              that each learns
 * @param hindsight          with what
 * @param version            of the task
 * @param seeds              training seeds of each row
 * @param steps              of the environment, in all
 * @param testEvery          steps between points of the learning curve
 * @param evaluationEpisodes on goals that nothing was learned from
 */
@Settings.Section("panda")
public record PandaStudy(@Key("seed") long seed, List<Algorithm> algorithms, List<PandaTask> tasks, List<Relabelling> hindsight, PandaVersion version,
        @Least(1) int seeds, @Least(1) int steps, @Least(1) int testEvery, @Least(1) int evaluationEpisodes) {

    public static PandaStudy of(Preset preset) {
        return Settings.of(preset, PandaStudy.class);
    }

    /** The grid, in the table's order. */
    public List<PandaRow> rows() {
        List<PandaRow> rows = new ArrayList<>();
        tasks.forEach(task -> hindsight.forEach(each -> algorithms.forEach(algorithm -> rows.add(new PandaRow(algorithm, task, each)))));
        return rows;
    }

    /** The preset's seed and those after it. */
    public List<Long> trainingSeeds() {
        return LongStream.range(seed, seed + seeds).boxed().toList();
    }
}
