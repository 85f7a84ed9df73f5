package worldmodels.rl;

import java.util.List;

/** The networks that an actor and its critic have, each its own. */
public enum NetworkShape {

    /** Two layers of 64 tanh units, the usual ones of PPO (Schulman et al. 2017, section 6.1). */
    SMALL(List.of(), List.of(64, 64), false),

    /** The PPO report's on what the world model sees: 181,318 numbers in an actor on 288 features. Its activation is not said; relu is what its other one has. */
    REPORT(List.of(), List.of(256, 256, 128, 64), true),

    /**
     * The PPO report's on pictures of 64 x 64: 644,646 numbers in the actor, 642,641 in the critic. By these the report has one grey picture, not four; each
     * further one adds 2,048 to both.
     */
    REPORT_PIXELS(List.of(new Filter(32, 8, 4), new Filter(64, 4, 2), new Filter(64, 3, 1)), List.of(400, 400), true);

    /** A layer of convolutions: how many, their side, their stride. */
    record Filter(int outputs, int kernel, int stride) {}

    private final List<Filter> filters;
    private final List<Integer> widths;
    private final boolean rectified;

    NetworkShape(List<Filter> filters, List<Integer> widths, boolean rectified) {
        this.filters = filters;
        this.widths = widths;
        this.rectified = rectified;
    }

    /** Before the dense layers; none where a vector is seen. */
    List<Filter> filters() {
        return filters;
    }

    /** Of the dense layers between. */
    List<Integer> widths() {
        return widths;
    }

    /** Whether units are rectified, not tanh. */
    boolean rectified() {
        return rectified;
    }
}
