package worldmodels.study.carracing;

import java.io.Serializable;
import worldmodels.env.Environment;
import worldmodels.env.EnvironmentMaker;
import worldmodels.env.StallLimit;
import worldmodels.env.TimeLimit;
import worldmodels.env.WorldModelsFrame;
import worldmodels.env.carracing.CarRacing;
import worldmodels.env.carracing.CarRacingVersion;
import worldmodels.env.carracing.TrueStateFrame;
import worldmodels.run.Settings.Section;

/**
 * CarRacing as the agent meets it: pictures of 64 x 64 pixels, an end after some steps.
 *
 * @param version of Gymnasium's environment
 * @param hud     what the picture says of the car beside what a camera sees
 */
@Section("env")
public record Road(CarRacingVersion version, Hud hud) implements Serializable {

    /** What of a dashboard is in the picture. The names are those under which stages have always been kept. */
    public enum Hud {

        /** Nothing: the authors cut it off. */
        FALSE,

        /** Gymnasium's bar. */
        TRUE,

        /** No bar, and in the first pixels the true state, {@link TrueStateFrame}. */
        STATE
    }

    /** CarRacing's registered limit; test episodes are never shorter. */
    public static final int FULL_EPISODE = 1000;

    /** Cut off after some steps. */
    public Environment limited(int steps) {
        return new TimeLimit(frames(), steps);
    }

    /** Makes {@link #limited} ones, here or elsewhere. */
    EnvironmentMaker limiting(int steps) {
        return () -> limited(steps);
    }

    /** Makes {@link #forecast} ones. */
    EnvironmentMaker forecasting(int steps, int patience) {
        return () -> forecast(steps, patience);
    }

    /** For a search: shorter where the car has stalled, with the return of one that finds no more tiles; a patience of 0 waits for ever. */
    Environment forecast(int steps, int patience) {
        return patience == 0 ? limited(steps) : new StallLimit(frames(), steps, patience);
    }

    /** For a recording, or for learning that values what was cut off: shorter where the car has stalled, with the rewards that came; a patience of 0 waits for ever. */
    public Environment recorded(int steps, int patience) {
        return patience == 0 ? limited(steps) : StallLimit.withoutForecast(frames(), steps, patience);
    }

    /** Makes {@link #recorded} ones. */
    EnvironmentMaker recording(int steps, int patience) {
        return () -> recorded(steps, patience);
    }

    private Environment frames() {
        return around(new CarRacing(version));
    }

    /** What the agent sees of a car that the caller can look at, too; it is never cut off. */
    Environment around(CarRacing car) {
        return switch (hud) {
            case FALSE -> WorldModelsFrame.cropped(car);
            case TRUE -> WorldModelsFrame.withBar(car);
            case STATE -> new TrueStateFrame(WorldModelsFrame.cropped(car), car);
        };
    }
}
