package worldmodels.study.carracing;

import java.awt.Color;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import worldmodels.data.Episode;
import worldmodels.data.EpisodeStore;
import worldmodels.data.StoredEpisode;
import worldmodels.env.carracing.CarRacing;
import worldmodels.env.carracing.CarRacingVersion;
import worldmodels.env.carracing.Situation;
import worldmodels.evaluation.LinearProbe;
import worldmodels.memory.LatentEpisode;
import worldmodels.evaluation.Statistics;
import worldmodels.report.Figure;
import worldmodels.report.Numbers;
import worldmodels.report.Plot;
import worldmodels.run.KitException;
import worldmodels.run.Progress;
import worldmodels.run.StoppedException;

/** Moments of recorded episodes on the road: the mean of z beside the situation that the frame shows, which driving the episode again gives. */
record Moments(List<double[]> z, List<Situation> situations) {

    private static final String WORK = "Driving recorded episodes again";
    private static final int EVERY = 5;
    private static final Color[] COLOURS = {new Color(0x2166ac), new Color(0x67a9cf), new Color(0xaaaaaa), new Color(0xef8a62), new Color(0xb2182b)};
    private static final Map<String, ToDoubleFunction<Situation>> QUANTITIES = quantities();

    private static Map<String, ToDoubleFunction<Situation>> quantities() {
        Map<String, ToDoubleFunction<Situation>> all = new LinkedHashMap<>();
        all.put("speed", Situation::speed);
        all.put("heading to the road", Situation::heading);
        all.put("curvature ahead", Situation::curvature);
        return all;
    }

    /** @throws KitException if an episode does not go as it was recorded */
    static Moments of(CarRacingVersion version, EpisodeStore store, List<StoredEpisode> recorded, List<LatentEpisode> seen, Progress progress) {
        Moments moments = new Moments(new ArrayList<>(), new ArrayList<>());
        progress.start(WORK, recorded.size(), "episodes");
        for (int i = 0; i < recorded.size(); i++) {
            StoppedException.throwIfInterrupted(WORK);
            moments.add(new CarRacing(version), recorded.get(i), store.read(recorded.get(i)), seen.get(i));
            progress.at(i + 1, "");
        }
        progress.done(moments.z.size() + " moments on the road");
        return moments;
    }

    private void add(CarRacing car, StoredEpisode stored, Episode episode, LatentEpisode latents) {
        car.reset(stored.seed());
        double[] action = new double[episode.actionSize()];
        for (int t = 0; t < episode.length(); t++) {
            if (t % EVERY == 0 && car.onRoad()) {
                double[] z = new double[latents.latent()];
                for (int j = 0; j < z.length; j++) {
                    z[j] = latents.mean(t, j);
                }
                this.z.add(z);
                situations.add(Situation.of(car));
            }
            for (int j = 0; j < action.length; j++) {
                action[j] = episode.actions()[t * action.length + j];
            }
            if ((float) car.step(action).reward() != episode.rewards()[t]) {
                throw stored.differsAt(t);
            }
        }
    }

    /**
     * z of each moment in the plane of the two directions in which all of them spread most, once for each quantity: five colours for five equal parts of the
     * range in which nine tenths of its values lie.
     */
    Figure map() {
        double[][] plane = PrincipalPlane.of(vectors());
        return Figure.grid(2, 0.75, Stream.of("curvature ahead", "speed").map(name -> map(plane, name, values(QUANTITIES.get(name)))).toList());
    }

    private static Plot map(double[][] plane, String name, double[] values) {
        Plot plot = new Plot("z, coloured by " + name, "widest direction of z", "second widest");
        double least = Statistics.quantile(values, 0.05);
        double width = (Statistics.quantile(values, 0.95) - least) / COLOURS.length;
        for (int part = 0; part < COLOURS.length; part++) {
            double low = part == 0 ? Double.NEGATIVE_INFINITY : least + part * width;
            double high = part == COLOURS.length - 1 ? Double.POSITIVE_INFINITY : least + (part + 1) * width;
            int[] inside = IntStream.range(0, values.length).filter(i -> values[i] >= low && values[i] < high).toArray();
            if (inside.length > 0) {
                String range = part == 0 ? "below " + Numbers.text(high) : part == COLOURS.length - 1 ? "from " + Numbers.text(low)
                        : Numbers.text(low) + " to " + Numbers.text(high);
                plot.scatter(range, IntStream.of(inside).mapToDouble(i -> plane[i][0]).toArray(), IntStream.of(inside).mapToDouble(i -> plane[i][1]).toArray(),
                        COLOURS[part]);
            }
        }
        return plot;
    }

    /** R² of each quantity on other moments, by its name. */
    Map<String, Double> probes(Moments other) {
        Map<String, Double> shares = new LinkedHashMap<>();
        QUANTITIES.forEach((name, quantity) -> shares.put(name,
                LinearProbe.fit(vectors(), values(quantity)).share(other.vectors(), other.values(quantity))));
        return shares;
    }

    private double[][] vectors() {
        return z.toArray(double[][]::new);
    }

    private double[] values(ToDoubleFunction<Situation> quantity) {
        return situations.stream().mapToDouble(quantity).toArray();
    }
}
