package worldmodels.study.carracing;

import java.nio.file.Path;
import java.util.List;
import worldmodels.agent.Agent;
import worldmodels.controller.Features;
import worldmodels.evaluation.TrackSeeds;
import worldmodels.evolution.Fitness;
import worldmodels.random.Pcg64;
import worldmodels.run.Preset;
import worldmodels.run.Progress;
import worldmodels.run.Settings;
import worldmodels.run.Settings.Key;
import worldmodels.run.Settings.Least;
import worldmodels.run.Settings.Section;
import worldmodels.run.Stage;

/** What the settings of the search were chosen by. */
record ControllerStudies(Preset preset, Path work, Controllers controllers) {

    /** {@code episodes} are spent in each of the ways. */
    @Section("study")
    record Spent(List<Way> ways, @Least(1) int episodes) {}

    @Section("")
    private record Own(@Key("seed") long seed, Road road, SearchSettings search) {}

    /** An equal number of episodes spent on C in several ways: more candidates, more tracks for each, or more generations. */
    List<TrainedController> ways(Progress progress) {
        Spent spent = Settings.of(preset, Spent.class);
        return spent.ways.stream().map(way -> controllers.with(way.in(preset, spent.episodes))
                .trained(Features.Z_H, progress)).toList();
    }

    /**
     * Whether ending stalled episodes early changes who is better: candidates round the selected C on z and h, as far from it as the search was at its
     * end, drive the same tracks with and without {@code evolution.patience}. Without a patience both are the same.
     */
    StallCheck stallCheck(Progress progress) {
        Own own = Settings.of(preset, Own.class);
        Agent blank = controllers.blank(Features.Z_H, progress);
        TrainedController centre = controllers.trained(Features.Z_H, progress);
        Stage stage = new Stage(work, "stall-check", Settings.text(preset, SearchSettings.class, Driving.class), List.of(centre.stage()));
        stage.complete(folder -> {
            double[][] candidates = around(centre, own);
            long[] tracks = TrackSeeds.TRAIN.drawn(own.seed, "of the stall check", own.search.rollouts());
            try (Fitness patient = Controllers.fitness(blank, own.road.limiting(own.search.steps()));
                    Fitness hasty = Controllers.fitness(blank, controllers.searched())) {
                return StallCheck.of(patient.evaluate(candidates, tracks, progress), hasty.evaluate(candidates, tracks, progress)).facts();
            }
        });
        return StallCheck.of(stage.facts());
    }

    private static double[][] around(TrainedController centre, Own own) {
        Pcg64 random = Pcg64.stream(own.seed, "stall check");
        double[][] candidates = new double[own.search.population()][centre.selected().parameters().length];
        for (double[] candidate : candidates) {
            for (int i = 0; i < candidate.length; i++) {
                candidate[i] = centre.selected().parameters()[i] + centre.history().getLast().sigma() * random.standardNormal();
            }
        }
        return candidates;
    }
}
