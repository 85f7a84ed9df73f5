package worldmodels.env.carracing;

import java.util.List;

/**
 * What a driver would want to know of one moment: what linear probes of a latent vector are asked for.
 *
 * @param speed     of the hull, m/s
 * @param heading   of the hull against the road's direction where the car is, radians in (-π, π]; positive to the left
 * @param offset    of the hull from the road's centre line, m; positive to the left
 * @param curvature of the road over the next 28 m, 1/m; positive to the left
 */
public record Situation(double speed, double heading, double offset, double curvature) {

    /** Points of the centre line that the curvature looks ahead; they lie 3.5 m apart. */
    private static final int AHEAD = 8;

    /** The present one; the road is where the nearest point of its centre line is. */
    public static Situation of(CarRacing car) {
        return of(car.track(), car.hullPose(), car.speed());
    }

    static Situation of(Track track, CarRacing.Pose pose, double speed) {
        List<Track.Point> points = track.points();
        int nearest = 0;
        for (int i = 1; i < points.size(); i++) {
            if (distance(points.get(i), pose.x(), pose.y()) < distance(points.get(nearest), pose.x(), pose.y())) {
                nearest = i;
            }
        }
        double length = 0;
        Track.Point here = points.get(nearest);
        Track.Point last = here;
        for (int i = 1; i <= AHEAD; i++) {
            Track.Point next = points.get((nearest + i) % points.size());
            length += distance(next, last.x(), last.y());
            last = next;
        }
        double offset = -(pose.x() - here.x()) * Math.cos(here.heading()) - (pose.y() - here.y()) * Math.sin(here.heading());
        return new Situation(speed, turn(pose.angle() - here.heading()), offset, turn(last.heading() - here.heading()) / length);
    }

    private static double distance(Track.Point point, double x, double y) {
        return Math.hypot(point.x() - x, point.y() - y);
    }

    /** That direction in (-π, π]. */
    private static double turn(double angle) {
        return Math.atan2(Math.sin(angle), Math.cos(angle));
    }
}
