package worldmodels.study.carracing;

import static worldmodels.report.Numbers.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import worldmodels.data.Episode;
import worldmodels.env.carracing.CarRacing;
import worldmodels.env.carracing.Track;
import worldmodels.report.Columns;
import worldmodels.report.Figure;
import worldmodels.report.ImageGrid;
import worldmodels.report.ResultTable;
import worldmodels.report.RgbFrame;

/** Pictures and a table of what rollouts have seen. */
public final class RolloutFigures {

    private RolloutFigures() {}

    /** A track from above; paths can be drawn on it. */
    public static TrackMap map(String title, Track track) {
        return new TrackMap(title, Track.WIDTH, track.points().stream().mapToDouble(Track.Point::x).toArray(),
                track.points().stream().mapToDouble(Track.Point::y).toArray());
    }

    /** Several figures of one kind as a small gallery, four in a row. */
    public static Figure gallery(List<? extends Figure> figures) {
        return Figure.grid(Math.min(4, figures.size()), 0.55, figures);
    }

    /** For each policy, its first episodes on their own tracks: where each went. */
    public static Figure paths(Map<String, Coverage> coverage, int episodes) {
        List<Figure> maps = new ArrayList<>();
        CarRacing car = new CarRacing();
        coverage.forEach((policy, covered) -> covered.episodes().stream().limit(episodes).forEach(episode -> {
            car.reset(episode.job().seed());
            double[] x = new double[episode.length()];
            double[] y = new double[episode.length()];
            for (int t = 0; t < x.length; t++) {
                x[t] = episode.path()[2 * t];
                y[t] = episode.path()[2 * t + 1];
            }
            maps.add(map(words(policy) + ", track " + episode.job().seed() % 1000, car.track()).path(x, y));
        }));
        return Figure.grid(episodes, 0.55, maps);
    }

    /** What each policy covered, in means over its episodes. */
    public static ResultTable table(Map<String, Coverage> coverage) {
        Columns columns = new Columns("policy", "tiles visited", "steps off road", "mean speed (m/s)", "mean return", "episodes");
        coverage.forEach((policy, covered) -> {
            Coverage.Summary s = covered.summary();
            columns.add(words(policy), format("%.1f %%", 100 * s.tileShare()), format("%.1f %%", 100 * s.offRoadShare()), format("%.1f", s.meanSpeed()),
                    format("%.1f", s.meanReturn()), String.valueOf(s.episodes()));
        });
        return columns.table("What each exploration policy gets to see");
    }

    /** An episode of pictures at a glance: ten frames of it, its length and its return. */
    public static Figure glance(Episode episode) {
        double sum = 0;
        for (float reward : episode.rewards()) {
            sum += reward;
        }
        String title = format("Episode of %d steps, return %.1f", episode.length(), sum);
        return new ImageGrid(title, 10, 1).row("", frames(episode, Math.min(10, episode.length())));
    }

    /** Frames of one episode, evenly spaced. */
    public static List<RgbFrame> frames(Episode episode, int count) {
        List<RgbFrame> frames = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            frames.add(frame(episode, (int) ((long) i * (episode.length() - 1) / Math.max(1, count - 1))));
        }
        return frames;
    }

    /** One frame of an episode. */
    public static RgbFrame frame(Episode episode, int t) {
        return new RgbFrame(episode.observationShape()[1], episode.observationShape()[0], episode.observation(t));
    }

    private static String words(String policy) {
        return policy.toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
