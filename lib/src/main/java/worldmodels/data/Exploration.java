package worldmodels.data;

import java.util.function.BiFunction;
import worldmodels.env.Space;

/** The exploration policies that need no network, by the names that presets use. */
public enum Exploration {

    /** {@link WhiteNoise} */
    WHITE_NOISE(WhiteNoise::new),

    /** {@link BrownianMotion} */
    BROWNIAN(BrownianMotion::new),

    /** {@link HeldAction}, 20 steps (0.4 s of CarRacing) */
    HELD((actionSpace, lanes) -> new HeldAction(actionSpace, lanes, 20)),

    /** {@link PushThenHeld}, CarRacing only */
    PUSH_THEN_HELD(PushThenHeld::new);

    private final BiFunction<Space, Integer, Policy> maker;

    Exploration(BiFunction<Space, Integer, Policy> maker) {
        this.maker = maker;
    }

    /**
     * @param actionSpace what to act in
     * @param lanes       the number of lanes of the environments it will act in
     */
    public Policy policy(Space actionSpace, int lanes) {
        return maker.apply(actionSpace, lanes);
    }
}
