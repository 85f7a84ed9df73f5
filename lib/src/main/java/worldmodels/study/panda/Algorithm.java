package worldmodels.study.panda;

import ai.djl.ndarray.NDManager;
import java.util.function.Supplier;
import worldmodels.env.Environment;
import worldmodels.rl.Ddpg;
import worldmodels.rl.OffPolicy;
import worldmodels.rl.Sac;
import worldmodels.rl.Td3;
import worldmodels.run.Preset;
import worldmodels.run.Settings;

/** The three that learn from a replay, each with the settings of a preset. */
public enum Algorithm {

    DDPG(Ddpg.Settings.class) {
        @Override
        OffPolicy learner(NDManager parent, Supplier<Environment> environments, Preset preset, long seed) {
            return new Ddpg(parent, environments, Settings.of(preset, Ddpg.Settings.class), seed);
        }
    },

    TD3(Td3.Settings.class) {
        @Override
        OffPolicy learner(NDManager parent, Supplier<Environment> environments, Preset preset, long seed) {
            return new Td3(parent, environments, Settings.of(preset, Td3.Settings.class), seed);
        }
    },

    SAC(Sac.Settings.class) {
        @Override
        OffPolicy learner(NDManager parent, Supplier<Environment> environments, Preset preset, long seed) {
            return new Sac(parent, environments, Settings.of(preset, Sac.Settings.class), seed);
        }
    };

    private final Class<? extends Record> settings;

    Algorithm(Class<? extends Record> settings) {
        this.settings = settings;
    }

    /** What it reads of a preset. */
    Class<? extends Record> settings() {
        return settings;
    }

    /** One that knows nothing yet; the caller closes it. */
    abstract OffPolicy learner(NDManager parent, Supplier<Environment> environments, Preset preset, long seed);
}
