package worldmodels.study.carracing;

import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;
import worldmodels.data.EpisodeJob;
import worldmodels.data.RolloutEngine;
import worldmodels.data.Step;
import worldmodels.data.StepListener;
import worldmodels.env.ThreadedEnvironments;
import worldmodels.env.TimeLimit;
import worldmodels.env.carracing.CarRacing;
import worldmodels.env.carracing.CarRacingVersion;
import worldmodels.evaluation.TrackSeeds;
import worldmodels.run.KitException;
import worldmodels.run.Processor;
import worldmodels.run.Progress;

/**
 * How much of CarRacing a policy gets to see: a policy that does not move the car teaches nothing. Listens to a run in a batch of
 * (wrapped) CarRacing environments.
 */
public final class Coverage implements StepListener {

    /**
     * What one episode covered.
     *
     * @param job           the episode
     * @param jobNumber     its place in the run
     * @param length        number of steps
     * @param tileShare     distinct tiles visited / tiles of the road, 0 to 1
     * @param offRoadShare  share of the steps with no wheel on the road, 0 to 1
     * @param meanSpeed     m/s
     * @param episodeReturn sum of rewards
     * @param path          x, y of the hull in metres after each step (2 x length)
     */
    public record OfEpisode(EpisodeJob job, int jobNumber, int length, double tileShare, double offRoadShare, double meanSpeed,
            double episodeReturn, float[] path) {}

    /** Means over episodes, in the units of {@link OfEpisode}. */
    public record Summary(int episodes, double tileShare, double offRoadShare, double meanSpeed, double meanReturn) {}

    private final CarRacing[] cars;
    private final Tally[] tallies;
    private final ConcurrentLinkedQueue<OfEpisode> finished = new ConcurrentLinkedQueue<>();

    /** @throws KitException if the environments are not CarRacing inside */
    public Coverage(ThreadedEnvironments environments) {
        cars = new CarRacing[environments.lanes()];
        tallies = new Tally[cars.length];
        for (int lane = 0; lane < cars.length; lane++) {
            if (!(environments.lane(lane).unwrapped() instanceof CarRacing car)) {
                throw new KitException("Coverage counts tiles of CarRacing, but the environment is a "
                        + environments.lane(lane).unwrapped().getClass().getSimpleName() + "; leave coverage out.");
            }
            cars[lane] = car;
        }
    }

    /** Of each exploration policy on a number of tracks, by the policy's name; a glance, not a stage. */
    static Map<String, Coverage> ofExplorers(CarRacingVersion version, int episodes, Progress progress) {
        Map<String, Coverage> all = new LinkedHashMap<>();
        List<EpisodeJob> jobs = LongStream.of(TrackSeeds.ROLLOUT.first(episodes)).mapToObj(track -> new EpisodeJob(0, track)).toList();
        try (ThreadedEnvironments cars = new ThreadedEnvironments(episodes, Processor.available(),
                () -> new TimeLimit(new CarRacing(version), Road.FULL_EPISODE))) {
            for (Explorer explorer : Explorer.all()) {
                Coverage coverage = new Coverage(cars);
                new RolloutEngine(cars).run(jobs, explorer.policy(cars), coverage, progress);
                all.put(explorer.name(), coverage);
            }
        }
        return all;
    }

    @Override
    public void onStep(Step step) {
        int lane = step.lane();
        if (step.time() == 0) {
            tallies[lane] = new Tally();
        }
        tallies[lane].add(cars[lane], step.reward());
        if (step.ended()) {
            finished.add(tallies[lane].finish(cars[lane], step));
        }
    }

    /** The finished episodes, in the run's order. */
    public List<OfEpisode> episodes() {
        return finished.stream().sorted(Comparator.comparingInt(OfEpisode::jobNumber)).toList();
    }

    /** Means over the finished episodes; NaN without any. */
    public Summary summary() {
        List<OfEpisode> all = episodes();
        return new Summary(all.size(), mean(all, OfEpisode::tileShare), mean(all, OfEpisode::offRoadShare),
                mean(all, OfEpisode::meanSpeed), mean(all, OfEpisode::episodeReturn));
    }

    private static double mean(List<OfEpisode> episodes, ToDoubleFunction<OfEpisode> quantity) {
        return episodes.stream().mapToDouble(quantity).average().orElse(Double.NaN);
    }

    private static final class Tally {
        private int steps;
        private int offRoad;
        private double speed;
        private double reward;
        private float[] path = new float[256];

        void add(CarRacing car, double reward) {
            if (path.length < 2 * steps + 2) {
                path = Arrays.copyOf(path, 2 * path.length);
            }
            CarRacing.Pose pose = car.hullPose();
            path[2 * steps] = (float) pose.x();
            path[2 * steps + 1] = (float) pose.y();
            steps++;
            offRoad += car.onRoad() ? 0 : 1;
            speed += car.speed();
            this.reward += reward;
        }

        OfEpisode finish(CarRacing car, Step step) {
            return new OfEpisode(step.job(), step.jobNumber(), steps, (double) car.tilesVisited() / car.tileCount(),
                    (double) offRoad / steps, speed / steps, reward, Arrays.copyOf(path, 2 * steps));
        }
    }
}
