package worldmodels.experiment;

import java.util.ArrayList;
import java.util.List;
import worldmodels.controller.Features;

/**
 * What a preset will cost before it starts: work per stage divided by the speeds that the benchmarks in {@code lib/benchmarks} gave on the
 * reference machine (two cores, no GPU). Episodes are counted at full length, so the prediction is an upper estimate for the early
 * generations, whose cars leave the field.
 *
 * @param stages the stages in order
 * @param disk   bytes that recorded episodes take
 */
public record PredictedCost(List<Stage> stages, long disk) {

    /** Units per second on the reference machine, V and M included where they act. */
    private static final double RECORDED_STEPS = 5_000;
    private static final double ACTING = 3_000;
    private static final double TRAINED_FRAMES = 530;
    private static final double ENCODED_FRAMES = 5_000;
    private static final double REMEMBERED_STEPS = 45_000;
    private static final double BYTES_PER_FRAME = 1_300;

    /**
     * @param name   the stage
     * @param amount how much work
     * @param unit   of what, in the plural
     * @param rate   units per second
     */
    public record Stage(String name, double amount, String unit, double rate) {

        public double seconds() {
            return amount / rate;
        }
    }

    public static PredictedCost of(Preset preset) {
        double frames = preset.number("rollouts.episodes") * preset.number("rollouts.steps");
        double steps = preset.number("evolution.steps");
        double generations = preset.number("evolution.generations");
        double training = generations * preset.number("evolution.population") * preset.number("evolution.rollouts") * steps;
        double selection = Math.ceil(generations / preset.number("evolution.selectionEvery")) * preset.number("evolution.selectionTracks") * steps;
        List<Stage> stages = new ArrayList<>();
        stages.add(new Stage("rollouts", frames, "environment steps", RECORDED_STEPS));
        stages.add(new Stage("V training", frames * AuthorsVersion.visionEpochs(preset), "frames", TRAINED_FRAMES));
        stages.add(new Stage("encoding", frames, "frames", ENCODED_FRAMES));
        stages.add(new Stage("M training", frames * AuthorsVersion.memoryEpochs(preset), "sequence steps", REMEMBERED_STEPS));
        for (Features features : Features.values()) {
            stages.add(new Stage("C on " + features.label(), training + selection, "environment steps", ACTING));
        }
        stages.add(new Stage("evaluation", Features.values().length * preset.number("evaluation.tracks") * 1000, "environment steps", ACTING));
        return new PredictedCost(List.copyOf(stages), Math.round(frames * BYTES_PER_FRAME));
    }

    public double seconds() {
        return stages.stream().mapToDouble(Stage::seconds).sum();
    }
}
