package worldmodels.env.carracing;

import java.nio.ByteBuffer;
import java.util.Arrays;
import worldmodels.env.Environment;
import worldmodels.env.Space;
import worldmodels.env.TopRows;
import worldmodels.env.Transition;
import worldmodels.random.Pcg64;
import worldmodels.run.KitException;

/**
 * Gymnasium's CarRacing, seed for seed.
 *
 * <h2>Description</h2>
 * A powerful rear-wheel-drive car seen from above on a random closed road. The task is to visit all tiles of the road quickly, from
 * pixels. 50 steps are one second.
 *
 * <h2>Action space</h2>
 * Three numbers: steering from -1 (left) to 1 (right), gas from 0 to 1, brake from 0 to 1. Steering and brake are taken as they come, gas
 * is clipped; it rises by at most 0.1 per step. A brake of 0.9 or more locks the wheels (the float32 nearest to 0.9 does not).
 *
 * <h2>Observation space</h2>
 * 96 x 96 x 3 bytes RGB: the car with its surroundings (turned with the car, zoomed in during the first second), and from row 84 on a
 * black bar with the score, the speed, the wheels' speeds, the steering and the turning rate.
 *
 * <h2>Reward</h2>
 * 1000/N for each of the N tiles when a wheel first touches it, -0.1 per step. The step that leaves the field gives -100 instead.
 *
 * <h2>Starting state</h2>
 * The car stands in the middle of the road at the first tile. As in the original, resetting includes one step without action; the
 * tiles it touches are in the reward of the first real step, and the joints turn the hull a little.
 *
 * <h2>End of episode</h2>
 * Terminated when the hull leaves the field, |x| or |y| above 333.33 m. A finished lap, which means that all tiles have been visited,
 * truncates (V2) or terminates (V0, V3). (The original's rule of 95 % of the tiles cannot come into force, since it waits for
 * a first touch of the tile on which the car starts: Gymnasium issue 1269.) The limit of 1000 steps is a wrapper, here as there.
 *
 * <h2>Versions</h2>
 * See {@link CarRacingVersion}; V2 is the default.
 */
public final class CarRacing implements Environment, TopRows {

    /** Where the hull is: metres and radians; 0 means that the car points to +y, positive is counter-clockwise. */
    public record Pose(double x, double y, double angle) {}

    /** Steering, gas, brake. */
    public static final Space ACTIONS = Space.vector(new double[] {-1, 0, 0}, new double[] {1, 1, 1});

    /** The brake's place in an action. */
    public static final int BRAKE = 2;

    private static final int SIDE = 96;
    private static final double TIME_STEP = 1.0 / 50;
    private static final double ALL_TILES = 1000.0;
    private static final double PER_STEP = 0.1;
    private static final double LEFT_THE_FIELD = -100;
    private static final Space OBSERVATION = Space.pixels(SIDE, SIDE);
    private static final int ACTION_VALUES = 3;

    private final CarRacingVersion version;
    private final Car car = new Car();
    private final Picture picture;
    private final Scene scene = new Scene();

    private Track track;
    private Road road;
    private boolean roadIsInPicture;
    private double time;
    private double score;
    private double rewardedScore;
    private double drawnScore;

    /** Version V2. */
    public CarRacing() {
        this(CarRacingVersion.V2);
    }

    public CarRacing(CarRacingVersion version) {
        this.version = version;
        this.picture = new Picture(version);
    }

    @Override
    public Space observationSpace() {
        return OBSERVATION;
    }

    @Override
    public Space actionSpace() {
        return ACTIONS;
    }

    @Override
    public void reset(long seed) {
        track = Track.generate(Pcg64.seeded(seed));
        road = new Road(track);
        roadIsInPicture = false;
        Track.Point start = track.points().getFirst();
        car.place(start.x(), start.y(), start.heading());
        time = 0;
        score = 0;
        rewardedScore = 0;
        advance();
    }

    @Override
    public Transition step(double[] action) {
        refuseBad(action);
        car.control(-action[0], action[1], action[2]);
        advance();
        score -= PER_STEP;
        double reward = score - rewardedScore;
        rewardedScore = score;
        boolean left = Math.abs(car.hull.originX) > Track.PLAYFIELD || Math.abs(car.hull.originY) > Track.PLAYFIELD;
        boolean lap = lapFinished();
        boolean terminated = left || lap && version.lapTerminates();
        boolean truncated = lap && !version.lapTerminates();
        return new Transition(left ? LEFT_THE_FIELD : reward, terminated, truncated);
    }

    /** One time step of the world. Contacts are those of where the last step ended, so a tile counts one step after its touch. */
    private void advance() {
        car.drive(road.tilesUnderWheel);
        int fresh = road.touch(car);
        for (int i = 0; i < fresh; i++) {
            score += ALL_TILES / track.size();
        }
        car.move();
        time += TIME_STEP;
        drawnScore = score;
    }

    private void refuseBad(double[] action) {
        if (track == null) {
            throw new KitException("CarRacing has not been started; call reset(seed) before step.");
        }
        if (action.length != ACTION_VALUES) {
            throw new KitException("A CarRacing action has 3 values (steering, gas, brake), this one has " + action.length + ".");
        }
        for (double value : action) {
            if (!Double.isFinite(value)) {
                throw new KitException("A CarRacing action must be finite, but this one is " + Arrays.toString(action)
                        + "; look for the first non-finite weight or observation of the agent that gave it.");
            }
        }
    }

    @Override
    public void observe(ByteBuffer target) {
        observeTop(SIDE, target);
    }

    @Override
    public void observeTop(int rows, ByteBuffer target) {
        if (track == null) {
            throw new KitException("CarRacing has not been started; call reset(seed) before observe.");
        }
        if (!roadIsInPicture) {
            picture.track(road.quads, road.rgb);
            roadIsInPicture = true;
        }
        RigidBody hull = car.hull;
        scene.hullX = hull.originX;
        scene.hullY = hull.originY;
        scene.hullAngle = hull.angle;
        scene.hullVx = hull.vx;
        scene.hullVy = hull.vy;
        scene.hullOmega = hull.omega;
        scene.time = time;
        for (int i = 0; i < Car.WHEELS; i++) {
            RigidBody wheel = car.wheels[i];
            scene.wheelX[i] = wheel.originX;
            scene.wheelY[i] = wheel.originY;
            scene.wheelAngle[i] = wheel.angle;
            scene.wheelOmega[i] = car.omega[i];
            scene.wheelPhase[i] = car.phase[i];
        }
        scene.frontLeftJointAngle = car.joints[0].angle();
        scene.score = drawnScore;
        picture.draw(scene, rows, target);
    }

    Car car() {
        return car;
    }

    Road road() {
        return road;
    }

    /** The road of the current episode. */
    public Track track() {
        return track;
    }

    /** Number of tiles of the road. */
    public int tileCount() {
        return track.size();
    }

    /** Number of tiles that a wheel has touched in this episode. */
    public int tilesVisited() {
        return road.tilesVisited();
    }

    /** Whether all tiles have been visited. */
    public boolean lapFinished() {
        return road.tilesVisited() == track.size();
    }

    /** Number of wheels, 0 to 4, that touch the road (as of the beginning of the last step, when contacts are found). */
    public int wheelsOnRoad() {
        int wheels = 0;
        for (int tiles : road.tilesUnderWheel) {
            wheels += tiles > 0 ? 1 : 0;
        }
        return wheels;
    }

    /** Whether at least one wheel touches the road. */
    public boolean onRoad() {
        return wheelsOnRoad() > 0;
    }

    /** The sum of rewards since reset, in which leaving the field is not counted. */
    public double score() {
        return score;
    }

    /** Place and direction of the hull. */
    public Pose hullPose() {
        return new Pose(car.hull.originX, car.hull.originY, car.hull.angle);
    }

    /** Speed of the hull's centre of mass, m/s. */
    public double speed() {
        return Math.hypot(car.hull.vx, car.hull.vy);
    }
}
