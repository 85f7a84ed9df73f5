package worldmodels.env.carracing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import worldmodels.random.Pcg64;

class SituationTest {

    @Test
    void aCarThatStartsFacesTheRoadAndTurnsOffItToTheLeft() {
        CarRacing car = new CarRacing();
        for (long seed = 1; seed <= 5; seed++) {
            car.reset(seed);
            Situation start = Situation.of(car);
            assertEquals(0, start.heading(), 0.05);
            Track.Point first = car.track().points().get(0);
            Track.Point second = car.track().points().get(1);
            assertTrue((second.x() - first.x()) * -Math.sin(first.heading()) + (second.y() - first.y()) * Math.cos(first.heading()) > 0,
                    "the points run where the car faces");
            for (int i = 0; i < 20; i++) {
                car.step(new double[] {0, 0.5, 0});
            }
            double straight = Situation.of(car).heading();
            for (int i = 0; i < 15; i++) {
                car.step(new double[] {-1, 0.2, 0});
            }
            Situation left = Situation.of(car);
            assertTrue(left.heading() > straight + 0.3, "steering left: " + left);
            assertEquals(car.speed(), left.speed());
        }
    }

    @Test
    void whoStandsToTheLeftOfTheCentreLineIsOffsetByTheDistance() {
        Track track = Track.generate(Pcg64.seeded(3));
        for (Track.Point point : track.points()) {
            double left = point.heading() + Math.PI / 2;
            CarRacing.Pose pose = new CarRacing.Pose(point.x() - 1.2 * Math.sin(left), point.y() + 1.2 * Math.cos(left), 0);
            assertEquals(1.2, Situation.of(track, pose, 0).offset(), 1e-9);
        }
    }

    @Test
    void curvatureIsTheTurnOfThePathThroughThePointsAhead() {
        int left = 0;
        int right = 0;
        for (long seed = 1; seed <= 5; seed++) {
            Track track = Track.generate(Pcg64.seeded(seed));
            List<Track.Point> points = track.points();
            for (int i = 0; i < points.size(); i++) {
                Track.Point here = points.get(i);
                double turn = direction(points, i + 8) - direction(points, i);
                double path = Math.atan2(Math.sin(turn), Math.cos(turn)) / length(points, i);
                Situation found = Situation.of(track, new CarRacing.Pose(here.x() + 0.3, here.y() - 0.3, here.heading() + 7), 0);
                assertEquals(path, found.curvature(), 1e-9, "track " + seed + ", point " + i);
                assertEquals(7 - 2 * Math.PI, found.heading(), 1e-9);
                left += found.curvature() > 0.03 ? 1 : 0;
                right += found.curvature() < -0.03 ? 1 : 0;
            }
        }
        assertTrue(left > 50 && right > 50, left + " bends to the left, " + right + " to the right");
    }

    /** Of the path from the point before to the point after, in radians. */
    private static double direction(List<Track.Point> points, int i) {
        Track.Point before = points.get((i - 1 + points.size()) % points.size());
        Track.Point after = points.get((i + 1) % points.size());
        return Math.atan2(after.y() - before.y(), after.x() - before.x());
    }

    private static double length(List<Track.Point> points, int from) {
        double length = 0;
        for (int i = from; i < from + 8; i++) {
            Track.Point a = points.get(i % points.size());
            Track.Point b = points.get((i + 1) % points.size());
            length += Math.hypot(a.x() - b.x(), a.y() - b.y());
        }
        return length;
    }
}
