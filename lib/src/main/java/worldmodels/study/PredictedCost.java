package worldmodels.study;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import worldmodels.controller.Features;
import worldmodels.run.Cost;
import worldmodels.run.Preset;
import worldmodels.study.carracing.AuthorsVersion;
import worldmodels.study.carracing.Road;
import worldmodels.study.carracing.RoundTraining;
import worldmodels.study.planet.PlanetCost;
import worldmodels.study.thesis.VisionComparison;
import worldmodels.vision.VisionKind;
import worldmodels.vision.VisionModels;

/**
 * What a preset will cost before it starts: work per stage divided by the speeds of the reference machine (two cores, no GPU), times the
 * speed of this one. Where stalled cars are not waited for, a training episode is counted at four fifths of its length.
 *
 * @param stages the stages in order
 * @param disk   bytes that recorded episodes take
 * @param budget seconds that the preset promises to stay within ({@code budget.hours}); empty where it promises nothing
 */
public record PredictedCost(List<Cost> stages, long disk, Optional<Double> budget) {

    /** Units per second on the reference machine, V and M included where they act. */
    private static final double RECORDED_STEPS = 5_000;
    private static final double ACTING = 3_000;
    private static final double ENCODED_FRAMES = 2_700;
    private static final double REMEMBERED_STEPS = 32_000;
    private static final double DREAMT_STEPS = 40_000;
    private static final double BYTES_PER_FRAME = 1_300;
    private static final double STALLED_LENGTH = 0.8;

    /** @param speed of this machine ({@link MachineSpeed}); 1 for the reference machine */
    public static PredictedCost of(Preset preset, double speed) {
        double frames = preset.number("rollouts.episodes") * preset.number("rollouts.steps");
        double steps = preset.number("evolution.steps");
        double trained = preset.integer("evolution.patience") > 0 ? STALLED_LENGTH * steps : steps;
        double generations = preset.number("evolution.generations");
        double candidates = preset.number("evolution.population");
        double search = generations * candidates * preset.number("evolution.rollouts") * trained
                + Math.ceil(generations / preset.number("evolution.selectionEvery")) * preset.number("evolution.selectionTracks")
                        * Road.FULL_EPISODE;
        double ways = preset.text("study.ways").split(",").length;
        double seeds = preset.number("evaluation.seeds");
        List<Cost> stages = new ArrayList<>();
        stages.add(new Cost("rollouts", frames, "environment steps", speed * RECORDED_STEPS));
        VisionKind vision = VisionModels.of(preset);
        stages.add(new Cost("V training", frames * vision.epochs(preset), "frames", speed * vision.framesPerSecond(preset)));
        stages.add(new Cost("encoding", frames, "frames", speed * ENCODED_FRAMES));
        stages.add(new Cost("M training", frames * AuthorsVersion.memoryEpochs(preset), "sequence steps", speed * REMEMBERED_STEPS));
        for (Features features : Features.values()) {
            double times = features == Features.Z_H ? seeds : 1;
            stages.add(new Cost("C on " + features.label() + (times == 1 ? "" : String.format(Locale.ROOT, ", %.0f seeds", times)),
                    times * search, "environment steps", speed * ACTING));
        }
        stages.add(new Cost("study of C", ways * preset.number("study.episodes") * trained, "environment steps", speed * ACTING));
        double evaluations = Features.values().length - 1 + seeds;
        double others = 0;
        for (int latent : VisionComparison.latents(preset)) {
            for (VisionKind choice : VisionComparison.visions(preset)) {
                // The experiment's own agent is one of the comparison.
                if (choice != vision || latent != preset.integer("vision.latent")) {
                    stages.add(new Cost(choice.label() + ", z " + latent, frames * choice.epochs(preset), "frames",
                            speed * choice.framesPerSecond(preset)));
                    others++;
                }
            }
        }
        stages.add(new Cost("encoding for them", others * frames, "frames", speed * ENCODED_FRAMES));
        stages.add(new Cost("their M", others * frames * AuthorsVersion.memoryEpochs(preset), "sequence steps", speed * REMEMBERED_STEPS));
        double comparedSeeds = preset.number("thesis.seeds");
        stages.add(new Cost("their C on z and h", others * comparedSeeds * search, "environment steps", speed * ACTING));
        evaluations += others * comparedSeeds;
        stages.add(new Cost("evaluation", evaluations * preset.number("evaluation.tracks") * Road.FULL_EPISODE,
                "environment steps", speed * ACTING));
        double visions = VisionComparison.visions(preset).size();
        double dreams = visions * preset.text("dream.temperatures").split(",").length;
        stages.add(new Cost("M with heads, for each V", visions * frames * AuthorsVersion.memoryEpochs(preset), "sequence steps", speed * REMEMBERED_STEPS));
        double dreamGenerations = preset.number("dream.generations");
        double more = preset.number("rounds.count") - 1;
        double recorded = preset.number("rounds.episodes") * preset.number("rounds.steps");
        // Each round learns from its own frames and all before.
        double learned = more * frames + more * (more + 1) / 2 * recorded;
        boolean anew = preset.choice("rounds.training", RoundTraining.class) == RoundTraining.ANEW;
        double later = anew ? dreamGenerations : preset.number("rounds.generations");
        double explored = preset.number("rounds.curiosity") == 0 ? 0 : more * dreamt(preset, candidates, preset.number("rounds.generations"));
        stages.add(new Cost("C in dreams", dreams * dreamt(preset, candidates, dreamGenerations) + more * dreamt(preset, candidates, later) + explored,
                "dream steps", speed * DREAMT_STEPS));
        stages.add(new Cost("dreamers in reality", (dreams + more) * (preset.number("evaluation.tracks") + preset.number("evolution.selectionTracks"))
                * Road.FULL_EPISODE + more * recorded, "environment steps", speed * ACTING));
        if (anew) {
            stages.add(new Cost("V of later rounds", learned * vision.epochs(preset), "frames", speed * vision.framesPerSecond(preset)));
        }
        stages.add(new Cost("encoding of later rounds", anew ? learned : more * recorded, "frames", speed * ENCODED_FRAMES));
        stages.add(new Cost("M of later rounds", learned * (anew ? AuthorsVersion.memoryEpochs(preset) : preset.number("rounds.memoryEpochs")),
                "sequence steps", speed * REMEMBERED_STEPS));
        stages.addAll(PlanetCost.stages(preset, speed));
        double hours = preset.number("budget.hours");
        return new PredictedCost(List.copyOf(stages), Math.round(frames * BYTES_PER_FRAME + PlanetCost.disk(preset)),
                hours > 0 ? Optional.of(3600 * hours) : Optional.empty());
    }

    /** Steps of one search in dreams, with the trials of its distribution mean. */
    private static double dreamt(Preset preset, double candidates, double generations) {
        return preset.number("dream.horizon") * (generations * candidates * preset.number("dream.rollouts")
                + Math.ceil(generations / preset.number("dream.selectionEvery")) * preset.number("dream.selectionDreams"));
    }

    public double seconds() {
        return stages.stream().mapToDouble(Cost::seconds).sum();
    }

    /** Whether the prediction is beyond what the preset promises. */
    public boolean exceedsBudget() {
        return budget.isPresent() && seconds() > budget.get();
    }
}
