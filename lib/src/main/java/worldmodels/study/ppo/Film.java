package worldmodels.study.ppo;

import java.util.ArrayList;
import java.util.List;
import worldmodels.env.Environment;
import worldmodels.env.Transition;
import worldmodels.env.Wrapper;
import worldmodels.report.RgbFrame;

/** Keeps a picture of every step of an environment that has pictures, also of those between two decisions. */
final class Film extends Wrapper {

    private final List<RgbFrame> frames = new ArrayList<>();
    private double score;

    Film(Environment environment) {
        super(environment);
    }

    @Override
    public void reset(long seed) {
        environment.reset(seed);
        frames.clear();
        frames.add(RgbFrame.of(environment));
        score = 0;
    }

    @Override
    public Transition step(double[] action) {
        Transition transition = environment.step(action);
        frames.add(RgbFrame.of(environment));
        score += transition.reward();
        return transition;
    }

    List<RgbFrame> frames() {
        return frames;
    }

    double score() {
        return score;
    }
}
