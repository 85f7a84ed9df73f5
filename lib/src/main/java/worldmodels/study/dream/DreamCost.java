package worldmodels.study.dream;

import java.util.ArrayList;
import java.util.List;
import worldmodels.run.Cost;
import worldmodels.run.Preset;
import worldmodels.run.Settings;
import worldmodels.run.Settings.Key;
import worldmodels.run.Settings.Least;
import worldmodels.run.Settings.Section;
import worldmodels.study.carracing.CarRacingCost;
import worldmodels.study.carracing.MemorySettings;
import worldmodels.study.carracing.Road;
import worldmodels.study.carracing.RoundSettings;
import worldmodels.study.carracing.RoundTraining;
import worldmodels.vision.VisionModels;

/** What training in dreams takes in all chains, for each V once and round by round. */
public final class DreamCost {

    private static final double DREAMT_STEPS = 40_000;

    @Section("")
    private record Sizes(@Key("dream.temperatures") List<Double> temperatures, DreamSearchSettings search, DreamSearchSettings.First first,
                         RoundSettings rounds, DreamMemorySettings.Continued later, @Key("evaluation.tracks") @Least(1) int tracks,
                         @Key("evolution.selectionTracks") @Least(1) int selectionTracks) {

        /** Steps of one search in dreams, with the trials of its distribution mean. */
        double search(int generations) {
            return (double) search.horizon() * ((double) generations * search.population() * search.rollouts()
                    + Math.ceilDiv(generations, search.selectionEvery()) * search.selectionDreams());
        }
    }

    private DreamCost() {}

    /**
     * @param visions whose dreams there are
     * @param speed   of this machine; 1 for the reference machine
     */
    public static List<Cost> stages(Preset preset, int visions, double speed) {
        Sizes sizes = Settings.of(preset, Sizes.class);
        RoundSettings rounds = sizes.rounds;
        CarRacingCost cost = new CarRacingCost(preset, speed);
        int memoryEpochs = MemorySettings.epochs(preset);
        int dreams = cost.chains() * visions * sizes.temperatures.size();
        int more = cost.chains() * (rounds.count() - 1);
        double recorded = (double) rounds.episodes() * rounds.steps();
        // Each round learns from its own frames and all before; a continued M is shown its own more often.
        double learned = more * cost.frames() + more * rounds.count() / 2.0 * recorded;
        double shown = learned / (1 - sizes.later.recent());
        boolean anew = rounds.training() == RoundTraining.ANEW;
        double explored = rounds.curiosity() == 0 ? 0 : more * sizes.search(rounds.generations());
        double later = more * sizes.search(anew ? sizes.first.generations() : rounds.generations());
        List<Cost> stages = new ArrayList<>();
        stages.add(cost.memory("M with heads, for each V", cost.chains() * visions * cost.frames() * memoryEpochs));
        stages.add(new Cost("C in dreams", dreams * sizes.search(sizes.first.generations()) + later + explored, "dream steps", speed * DREAMT_STEPS));
        stages.add(cost.acting("dreamers in reality", (double) (dreams + more) * (sizes.tracks + sizes.selectionTracks) * Road.FULL_EPISODE
                + more * recorded));
        if (anew) {
            stages.add(cost.vision("V of later rounds", VisionModels.of(preset), learned));
        }
        stages.add(cost.encoding("encoding of later rounds", anew ? learned : more * recorded));
        stages.add(cost.memory("M of later rounds", anew ? learned * memoryEpochs : shown * rounds.memoryEpochs()));
        return stages;
    }
}
