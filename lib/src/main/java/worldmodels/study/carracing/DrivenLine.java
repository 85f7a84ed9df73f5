package worldmodels.study.carracing;

import java.util.ArrayList;
import java.util.List;
import worldmodels.agent.Agent;
import worldmodels.env.Environment;
import worldmodels.env.carracing.CarRacing;
import worldmodels.report.Numbers;
import worldmodels.run.Preset;
import worldmodels.run.Settings;

/**
 * Where an agent drove on a track, seen from above.
 *
 * @param map   the track and the line
 * @param score of the drive
 */
public record DrivenLine(TrackMap map, double score) {

    /**
     * @param what  the agent's name, for the title
     * @param steps at most
     */
    public static DrivenLine of(String what, Agent agent, Preset preset, long track, int steps) {
        Road road = Settings.of(preset, Road.class);
        CarRacing car = new CarRacing(road.version());
        List<CarRacing.Pose> poses = new ArrayList<>();
        Drive drive;
        try (Environment environment = road.around(car)) {
            drive = Drive.of(agent, environment, track, steps, () -> poses.add(car.hullPose()));
        }
        TrackMap map = RolloutFigures.map(what + ": score " + Numbers.text(drive.score()), car.track())
                .path(poses.stream().mapToDouble(CarRacing.Pose::x).toArray(), poses.stream().mapToDouble(CarRacing.Pose::y).toArray());
        return new DrivenLine(map, drive.score());
    }
}
