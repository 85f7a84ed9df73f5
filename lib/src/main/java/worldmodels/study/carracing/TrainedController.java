package worldmodels.study.carracing;

import java.util.List;
import worldmodels.controller.Features;
import worldmodels.evolution.Candidate;
import worldmodels.evolution.Generation;
import worldmodels.run.Stage;

/**
 * C after its stage.
 *
 * @param features  what it sees
 * @param seed      its training seed
 * @param selected  the distribution mean that scored best on the selection tracks
 * @param history   every generation; none where a kept stage has none
 */
public record TrainedController(Features features, long seed, Candidate selected, List<Generation> history, Stage stage) {}
