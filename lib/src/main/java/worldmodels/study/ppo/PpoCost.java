package worldmodels.study.ppo;

import java.util.ArrayList;
import java.util.List;
import worldmodels.run.Cost;
import worldmodels.run.Preset;
import worldmodels.study.carracing.CarRacingCost;

/** What PPO takes: driving, trials and test drives included, and the networks' updates. */
public final class PpoCost {

    /** Of the reference machine with a learner on each of its two cores: multiplications of weights and rows of minibatches, millions per second; in layers that are small, and in large convolutions. */
    private static final double MULTIPLIED = 20_000;
    private static final double CONVOLVED = 90_000;
    /** Environment steps with pictures, and the actor's work on them, only at decisions; likewise. */
    private static final double PIXEL_STEPS = 3_300;

    private PpoCost() {}

    public static List<Cost> stages(Preset preset, double speed) {
        CarRacingCost racing = new CarRacingCost(preset, speed);
        List<Cost> stages = new ArrayList<>();
        for (PpoRow row : PpoStudy.of(preset).rows()) {
            PpoStudy.Driven driven = PpoStudy.driven(preset, row);
            long updates = driven.updates(PpoStudy.learning(preset, row));
            double trials = racing.chains() * (double) (updates / driven.testEvery() * driven.testEpisodes()) * 1000;
            double steps = racing.chains() * (double) driven.steps() + trials;
            stages.add(row.isOfPixels() ? new Cost(row.label(), steps, "environment steps", speed * PIXEL_STEPS) : racing.acting(row.label(), steps));
            double rows = racing.chains() * (double) driven.steps() / driven.repeat() * PpoStudy.learning(preset, row).epochs();
            stages.add(new Cost("its updates", rows * 3 * multiplications(row) / 1e6, "million products", speed * (row.isOfPixels() ? CONVOLVED : MULTIPLIED)));
            stages.add(racing.evaluation("its evaluation", racing.chains()));
        }
        return stages;
    }

    /** Of a forward pass through actor and critic, about. */
    private static double multiplications(PpoRow row) {
        return switch (row) {
            case REPORT -> 362_000;
            case SMALL -> 46_000;
            case PIXELS -> 8_500_000;
        };
    }
}
