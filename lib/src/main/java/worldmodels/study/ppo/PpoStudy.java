package worldmodels.study.ppo;

import java.util.List;
import worldmodels.rl.PpoSettings;
import worldmodels.run.KitException;
import worldmodels.run.Preset;
import worldmodels.run.Settings;
import worldmodels.run.Settings.Least;
import worldmodels.run.Settings.Section;

/**
 * What a preset says of PPO on CarRacing.
 *
 * @param rows which agents
 */
@Section("ppo")
public record PpoStudy(List<PpoRow> rows) {

    public static PpoStudy of(Preset preset) {
        return Settings.of(preset, PpoStudy.class);
    }

    /**
     * How a training drives.
     *
     * @param lanes        episodes side by side
     * @param steps        of the environment in all, repetitions of an action counted
     * @param repeat       steps of an action
     * @param patience     steps without a new tile after which an episode is cut off; 0 waits for ever
     * @param testEvery    updates between trials
     * @param testEpisodes of a trial, on selection tracks
     */
    @Section("ppo")
    public record Driven(@Least(1) int lanes, @Least(1) long steps, @Least(1) int repeat, @Least(0) int patience, @Least(1) int testEvery,
            @Least(1) int testEpisodes) {

        /** @throws KitException if the steps are not enough for an update */
        public long updates(PpoSettings learning) {
            long updates = steps / ((long) lanes * repeat * learning.horizon());
            if (updates < 1) {
                throw new KitException("PPO's " + steps + " steps are not enough for one update of " + lanes + " lanes, " + learning.horizon() + " decisions and "
                        + repeat + " steps each; raise the steps or make updates shorter.");
            }
            return updates;
        }
    }

    /**
     * What is different on pixels, and how many grey pictures are seen at once.
     */
    @Section("ppo.pixels")
    public record Pixels(@Least(1) int lanes, @Least(1) int horizon, @Least(1) long steps, @Least(1) int repeat, @Least(1) int epochs, @Least(1) int testEvery,
            @Least(1) int stack) {

        /** A preset in which what holds on pixels stands where PPO reads it. */
        static Preset of(Preset preset) {
            Preset pixels = preset;
            for (String key : List.of("lanes", "horizon", "steps", "repeat", "epochs", "testEvery")) {
                pixels = pixels.with("ppo." + key, preset.text("ppo.pixels." + key));
            }
            return pixels;
        }
    }

    /** The preset as a row reads it. */
    static Preset of(Preset preset, PpoRow row) {
        return row.isOfPixels() ? Pixels.of(preset) : preset;
    }

    /** How a row learns. */
    public static PpoSettings learning(Preset preset, PpoRow row) {
        return Settings.of(of(preset, row), PpoSettings.class);
    }

    /** How it drives meanwhile. */
    public static Driven driven(Preset preset, PpoRow row) {
        return Settings.of(of(preset, row), Driven.class);
    }
}
