package worldmodels.agent;

import java.util.List;
import worldmodels.controller.CarActions;
import worldmodels.controller.Controller;
import worldmodels.data.EpisodeJob;
import worldmodels.data.EpisodeResult;
import worldmodels.dream.Dream;
import worldmodels.run.Progress;
import worldmodels.run.StoppedException;

/** A population's controllers in dreams, on one core: no frame is drawn and none is encoded, C sees the dream's own z and h. */
final class Dreaming implements PopulationRollouts.Core {

    private static final int IDLE = -1;

    private final Dream dream;
    private final Controller controller;
    private final int latent;
    private final float[] features;
    private final double[] actions;
    private final double[] rewards;
    private final boolean[] terminated;
    private final boolean[] truncated;
    private final boolean[] active;
    private final int[] jobOf;
    private final double[] sum;
    private final int[] length;

    Dreaming(Dream dream, Controller controller) {
        this.dream = dream;
        this.controller = controller;
        int lanes = dream.lanes();
        latent = dream.latent();
        features = new float[controller.featureSize()];
        actions = new double[lanes * CarActions.COUNT];
        rewards = new double[lanes];
        terminated = new boolean[lanes];
        truncated = new boolean[lanes];
        active = new boolean[lanes];
        jobOf = new int[lanes];
        sum = new double[lanes];
        length = new int[lanes];
    }

    @Override
    public EpisodeResult[] play(double[][] population, List<EpisodeJob> jobs, Progress progress) {
        EpisodeResult[] results = new EpisodeResult[jobs.size()];
        int started = 0;
        for (int lane = 0; lane < jobOf.length; lane++) {
            started = begin(lane, jobs, started);
        }
        int finished = 0;
        while (finished < results.length) {
            StoppedException.throwIfInterrupted("Dreaming episodes");
            for (int lane = 0; lane < jobOf.length; lane++) {
                if (active[lane]) {
                    act(lane, population[jobs.get(jobOf[lane]).candidate()]);
                }
            }
            dream.step(active, actions, rewards, terminated, truncated);
            int before = finished;
            for (int lane = 0; lane < jobOf.length; lane++) {
                if (active[lane]) {
                    sum[lane] += rewards[lane];
                    length[lane]++;
                    if (terminated[lane] || truncated[lane]) {
                        results[jobOf[lane]] = new EpisodeResult(jobs.get(jobOf[lane]), sum[lane], length[lane], terminated[lane], truncated[lane]);
                        finished++;
                        started = begin(lane, jobs, started);
                    }
                }
            }
            if (finished > before) {
                progress.at(finished, "");
            }
        }
        return results;
    }

    /** @return how many jobs are started then */
    private int begin(int lane, List<EpisodeJob> jobs, int started) {
        active[lane] = started < jobs.size();
        jobOf[lane] = active[lane] ? started : IDLE;
        if (!active[lane]) {
            return started;
        }
        dream.start(lane, jobs.get(started).seed());
        sum[lane] = 0;
        length[lane] = 0;
        return started + 1;
    }

    private void act(int lane, double[] parameters) {
        dream.latent(lane, features, 0);
        if (controller.usesHidden()) {
            dream.hidden(lane, features, latent);
        }
        controller.act(features, 0, parameters, actions, lane * CarActions.COUNT);
    }

    @Override
    public void close() {}
}
