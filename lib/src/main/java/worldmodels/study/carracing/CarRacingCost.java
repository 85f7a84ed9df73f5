package worldmodels.study.carracing;

import java.util.ArrayList;
import java.util.List;
import worldmodels.run.Cost;
import worldmodels.run.Preset;
import worldmodels.run.Settings;
import worldmodels.run.Settings.Key;
import worldmodels.run.Settings.Least;
import worldmodels.run.Settings.Section;
import worldmodels.vision.VisionKind;
import worldmodels.vision.VisionModels;

/**
 * What CarRacing's stages take, and what other rooms need of the kind: work over the reference machine's speed (two cores, no GPU; V and M included
 * where they act), times this machine's. Where stalled cars are not waited for, a training episode is counted at four fifths of its length.
 *
 * @param speed of this machine; 1 for the reference machine
 */
public record CarRacingCost(Preset preset, double speed) {

    private static final double RECORDED_STEPS = 5_000;
    private static final double ACTING = 3_000;
    private static final double ENCODED_FRAMES = 2_700;
    private static final double REMEMBERED_STEPS = 32_000;
    private static final double BYTES_PER_FRAME = 1_300;
    private static final double STALLED_LENGTH = 0.8;

    @Section("")
    private record Sizes(Recording.First rollouts, SearchSettings search, LateSettings late, LateSettings.Compared compared, ControllerStudies.Spent study, @Key("evaluation.tracks") @Least(1) int tracks,
                         @Least(1) int chains) {}

    private Sizes sizes() {
        return Settings.of(preset, Sizes.class);
    }

    /** Of notebooks 02 to 06, for all chains. */
    public List<Cost> stages() {
        Sizes sizes = sizes();
        List<Cost> stages = new ArrayList<>();
        double frames = chains() * frames();
        stages.add(new Cost("rollouts", frames, "environment steps", speed * RECORDED_STEPS));
        stages.add(vision("V training", VisionModels.of(preset), frames));
        stages.add(encoding("encoding", frames));
        stages.add(memory("M training", frames * MemorySettings.epochs(preset)));
        List<WorldModelsRow> rows = WorldModelsRows.of(preset);
        for (WorldModelsRow row : rows) {
            VisionKind kind = VisionModels.of(row.of(preset));
            if (!kind.equals(VisionModels.of(preset))) {
                stages.add(vision("V: " + row.label(preset), kind, frames));
                stages.add(encoding("encoding: " + row.label(preset), frames));
            }
            stages.add(acting("C: " + row.label(preset), chains() * (row == WorldModelsRow.LATE ? late() : search())));
        }
        stages.add(acting("study of C", (double) sizes.study.ways().size() * sizes.study.episodes() * trainingSteps()));
        stages.add(evaluation("evaluation", (double) rows.size() * chains()));
        return stages;
    }

    /** How often the whole is done, with a seed of its own each time. */
    public int chains() {
        return sizes().chains;
    }

    /** Recorded by the exploration policy for one chain. */
    public double frames() {
        return (double) sizes().rollouts.episodes() * sizes().rollouts.steps();
    }

    /** Bytes of the recorded episodes. */
    public double disk() {
        return chains() * frames() * BYTES_PER_FRAME;
    }

    /** Environment steps of one search for C. */
    public double search() {
        SearchSettings search = sizes().search;
        return (double) search.generations() * search.population() * search.rollouts() * trainingSteps()
                + Math.ceilDiv(search.generations(), search.selectionEvery()) * (double) search.selectionTracks() * Road.FULL_EPISODE;
    }

    /** Environment steps of one late phase and its comparison. */
    private double late() {
        Sizes sizes = sizes();
        return (double) sizes.late.generations() * sizes.search.population() * sizes.late.rollouts() * trainingSteps()
                + (sizes.search.selectionTracks() + 2.0 * sizes.compared.tracks()) * Road.FULL_EPISODE;
    }

    private double trainingSteps() {
        SearchSettings search = sizes().search;
        return search.patience() > 0 ? STALLED_LENGTH * search.steps() : search.steps();
    }

    public Cost vision(String name, VisionKind kind, double frames) {
        return new Cost(name, frames * kind.epochs(preset), "frames", speed * kind.framesPerSecond(preset));
    }

    public Cost encoding(String name, double frames) {
        return new Cost(name, frames, "frames", speed * ENCODED_FRAMES);
    }

    /** @param steps of all epochs */
    public Cost memory(String name, double steps) {
        return new Cost(name, steps, "sequence steps", speed * REMEMBERED_STEPS);
    }

    public Cost acting(String name, double steps) {
        return new Cost(name, steps, "environment steps", speed * ACTING);
    }

    /** @param agents that drive the test tracks */
    public Cost evaluation(String name, double agents) {
        return acting(name, agents * sizes().tracks * Road.FULL_EPISODE);
    }
}
