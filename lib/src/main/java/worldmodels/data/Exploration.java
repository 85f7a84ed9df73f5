package worldmodels.data;

import worldmodels.env.Space;

/** The exploration policies that need no network, by the names that presets use. */
public enum Exploration {

    /** {@link WhiteNoise} */
    WHITE_NOISE {
        @Override
        public Policy policy(Space actionSpace, int lanes) {
            return new WhiteNoise(actionSpace, lanes);
        }
    },

    /** {@link BrownianMotion} */
    BROWNIAN {
        @Override
        public Policy policy(Space actionSpace, int lanes) {
            return new BrownianMotion(actionSpace, lanes);
        }
    },

    /** {@link HeldAction}, 20 steps (0.4 s of CarRacing) */
    HELD {
        @Override
        public Policy policy(Space actionSpace, int lanes) {
            return new HeldAction(actionSpace, lanes, 20);
        }
    },

    /** {@link PushThenHeld}, CarRacing only */
    PUSH_THEN_HELD {
        @Override
        public Policy policy(Space actionSpace, int lanes) {
            return new PushThenHeld(actionSpace, lanes);
        }
    };

    /**
     * @param actionSpace what to act in
     * @param lanes       the number of lanes of the environments it will act in
     */
    public abstract Policy policy(Space actionSpace, int lanes);
}
