package worldmodels.study.dream;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import worldmodels.data.StepListener;
import worldmodels.data.StoredEpisode;
import worldmodels.dream.Beginnings;
import worldmodels.dream.Dream;
import worldmodels.dream.DreamSettings;
import worldmodels.env.Transition;
import worldmodels.env.carracing.CarRacing;
import worldmodels.env.carracing.CarRacingVersion;
import worldmodels.evaluation.Evaluation;
import worldmodels.evaluation.TrackSeeds;
import worldmodels.memory.LatentEpisode;
import worldmodels.memory.MdnRnn;
import worldmodels.run.KitException;
import worldmodels.run.Progress;
import worldmodels.run.StoppedException;

/**
 * A driver who lets go of the wheel in the middle of recorded drives, with half the gas. In reality tiles come until the road bends away. If they go on
 * coming in the dream, then its road keeps the car longer than straight wheels do, and a search for C will find that out. Driving a recorded episode again
 * gives the moment in reality, so that both begin alike.
 *
 * @param inDream   mean reward of each step; what leaving the field costs is left out
 * @param inReality likewise, from the same moments
 */
public record StraightOn(double[] inDream, double[] inReality) {

    /** Steps after the moment. */
    public static final int STEPS = 120;

    private static final String WORK = "Going straight on";
    private static final int MOMENTS = 128;
    private static final int WATCHED = 30;
    private static final double STEP = -0.1;
    private static final double ALL_TILES = 1000;
    /** Of a sum of a thousand rewards in 32 bits. */
    private static final double ROUNDING = 1e-3;

    /**
     * @param recorded the episodes
     * @param encoded  the same as V sees them
     * @throws KitException if none has {@value #WATCHED} steps and one more, or one does not go as it was recorded
     */
    static StraightOn of(CarRacingVersion version, MdnRnn memory, List<StoredEpisode> recorded, List<LatentEpisode> encoded, double temperature, float deviation,
            Progress progress) {
        Beginnings beginnings = new Beginnings(encoded, 1, WATCHED, deviation);
        double[] inDream = new double[STEPS];
        long[] seeds = TrackSeeds.SELECT.first(MOMENTS);
        StepListener earned = step -> inDream[step.time()] += Math.max(STEP, step.reward()) / MOMENTS;
        try (Dream dream = new Dream(memory, beginnings, DreamSettings.carRacing(temperature, STEPS), CarRacing.ACTIONS, MOMENTS)) {
            Evaluation.of(1, HeldAction.STRAIGHT_ON, dream, 1, seeds, earned, progress);
        }
        double[] inReality = new double[STEPS];
        progress.start(WORK, MOMENTS, "moments");
        for (int i = 0; i < MOMENTS; i++) {
            StoppedException.throwIfInterrupted(WORK);
            Beginnings.Beginning moment = beginnings.of(seeds[i]);
            drive(new CarRacing(version), recorded.get(encoded.indexOf(moment.episode())), moment, inReality);
            progress.at(i + 1, "");
        }
        progress.done("");
        return new StraightOn(inDream, inReality);
    }

    private static void drive(CarRacing car, StoredEpisode recorded, Beginnings.Beginning moment, double[] earned) {
        car.reset(recorded.seed());
        double tile = ALL_TILES / car.track().size();
        double ahead = 0;
        for (int t = 0; t < moment.frame() + moment.watched(); t++) {
            ahead += car.step(moment.episode().action(t)).reward() - moment.episode().reward(t);
            // Actions are kept in 32 bits, so a tile may come a step early or late.
            if (Math.abs(ahead) > ROUNDING && Math.abs(Math.abs(ahead) - tile) > ROUNDING) {
                throw recorded.differsAt(t);
            }
        }
        boolean isOver = false;
        for (int t = 0; t < STEPS && !isOver; t++) {
            Transition step = car.step(HeldAction.STRAIGHT_ON.action());
            earned[t] += Math.max(STEP, step.reward()) / MOMENTS;
            isOver = step.terminated();
        }
    }

    /** Means over as many parts of the time. */
    double[][] parts(int count) {
        return new double[][] {parts(inDream, count), parts(inReality, count)};
    }

    private static double[] parts(double[] steps, int count) {
        int each = steps.length / count;
        return IntStream.range(0, count).mapToDouble(part -> Arrays.stream(steps, part * each, (part + 1) * each).average().orElseThrow()).toArray();
    }
}
