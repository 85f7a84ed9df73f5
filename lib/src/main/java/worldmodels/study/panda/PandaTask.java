package worldmodels.study.panda;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Locale;
import worldmodels.env.Environment;
import worldmodels.env.panda.PandaControl;
import worldmodels.env.panda.PandaReach;
import worldmodels.env.panda.PandaReward;
import worldmodels.env.panda.PandaVersion;

/** What an action moves and what is rewarded. */
public record PandaTask(PandaControl control, PandaReward reward) implements Serializable {

    /** @param text control, a blank, reward: e.g. {@code END_EFFECTOR SPARSE} */
    static PandaTask parse(String text) {
        String[] words = text.toUpperCase(Locale.ROOT).split(" +");
        try {
            if (words.length == 2) {
                return new PandaTask(PandaControl.valueOf(words[0]), PandaReward.valueOf(words[1]));
            }
        } catch (IllegalArgumentException e) {
            // Neither of the words is named alone: the sentence below names both kinds.
        }
        throw new IllegalArgumentException("one of " + Arrays.toString(PandaControl.values()) + " and, after a blank, one of " + Arrays.toString(PandaReward.values()));
    }

    /** It, observed as numbers. */
    Environment environment(PandaVersion version) {
        return new PandaReach(control, reward, version);
    }

    /** As tables have it, e.g. {@code end effector}. */
    public String controlled() {
        return control.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** Likewise, e.g. {@code sparse}. */
    public String rewarded() {
        return reward.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return controlled() + ", " + rewarded();
    }
}
