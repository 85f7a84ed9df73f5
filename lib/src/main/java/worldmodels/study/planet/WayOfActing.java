package worldmodels.study.planet;

import java.util.function.UnaryOperator;
import worldmodels.planet.Acting;
import worldmodels.planet.CrossEntropyPlanner;
import worldmodels.planet.Imagining;

/** Ways in which a model that has learned may act: each changes one thing, but for the last; none learns anything anew. */
public enum WayOfActing {

    AS_LEARNED("as it learned", acting -> acting),

    COMMON_NOISE("common noise", acting -> imagining(acting, Imagining.Noise.COMMON, acting.imagining().start())),

    NO_NOISE("no noise", acting -> imagining(acting, Imagining.Noise.NONE, acting.imagining().start())),

    FROM_MEAN("from the posterior's mean", acting -> imagining(acting, acting.imagining().noise(), Imagining.Start.MEAN)),

    FURTHER("horizon 16", acting -> planning(acting, new CrossEntropyPlanner.Settings(16, acting.planner().iterations(), acting.planner().candidates(),
            acting.planner().elites(), acting.planner().shifted()))),

    MUCH_FURTHER("horizon 24", acting -> planning(acting, new CrossEntropyPlanner.Settings(24, acting.planner().iterations(), acting.planner().candidates(),
            acting.planner().elites(), acting.planner().shifted()))),

    MORE_CANDIDATES("three times the candidates", acting -> planning(acting, new CrossEntropyPlanner.Settings(acting.planner().horizon(),
            acting.planner().iterations(), 3 * acting.planner().candidates(), 3 * acting.planner().elites(), acting.planner().shifted()))),

    SHIFTED("from the last plan, shifted", acting -> planning(acting, new CrossEntropyPlanner.Settings(acting.planner().horizon(),
            acting.planner().iterations(), acting.planner().candidates(), acting.planner().elites(), true))),

    /** Sample-efficient ideas of Pinneri et al. 2020 (iCEM) together: fewer plans from a good beginning, compared under the same draws. */
    SAMPLE_EFFICIENT("horizon 16, 3 x 160, shifted, common noise", acting -> imagining(planning(acting, new CrossEntropyPlanner.Settings(16, 3, 160, 16, true)),
            Imagining.Noise.COMMON, acting.imagining().start()));

    private final String label;
    private final UnaryOperator<Acting> change;

    WayOfActing(String label, UnaryOperator<Acting> change) {
        this.label = label;
        this.change = change;
    }

    public String label() {
        return label;
    }

    /** @param learned how the model learned to act */
    public Acting of(Acting learned) {
        return change.apply(learned);
    }

    /** Whether the way differs from others by what is drawn, of which deterministic dynamics have nothing. */
    boolean isOfNoise() {
        return this == COMMON_NOISE || this == NO_NOISE || this == FROM_MEAN;
    }

    private static Acting imagining(Acting acting, Imagining.Noise noise, Imagining.Start start) {
        return new Acting(acting.planner(), new Imagining(noise, start), acting.noise());
    }

    private static Acting planning(Acting acting, CrossEntropyPlanner.Settings planner) {
        return new Acting(planner, acting.imagining(), acting.noise());
    }
}
