package worldmodels.env.carracing;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import worldmodels.env.TriangleResize;
import worldmodels.env.WorldModelsFrame;
import worldmodels.random.Pcg64;

/**
 * One CarRacing picture and one World Models frame, over scenes all along a track (full zoom, so as after the first second). In the
 * package of the environment because the picture is not public.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class PictureBenchmark {

    /** 1 is the full view; 0.02 is the first picture of an episode, which shows the whole field. */
    @Param({"1.0", "0.02"})
    public double time;

    private final ByteBuffer frame = ByteBuffer.allocate(96 * 96 * 3);
    private final ByteBuffer small = ByteBuffer.allocate(64 * 64 * 3);
    private final TriangleResize resize = WorldModelsFrame.croppedResize();
    private Picture picture;
    private Scene[] scenes;
    private int next;

    @Setup
    public void driveAlongTheTrack() {
        Track track = Track.generate(Pcg64.seeded(0));
        picture = new Picture(CarRacingVersion.V2);
        picture.track(track.quads().stream().map(Track.Quad::corners).toArray(double[][]::new),
                track.quads().stream().mapToInt(Track.Quad::rgb).toArray());
        scenes = new Scene[track.size()];
        for (int i = 0; i < scenes.length; i++) {
            Track.Point point = track.points().get(i);
            Scene scene = new Scene();
            scene.hullX = point.x();
            scene.hullY = point.y();
            scene.hullAngle = point.heading() + 0.3 * Math.sin(i);
            scene.hullVx = -50 * Math.sin(scene.hullAngle);
            scene.hullVy = 50 * Math.cos(scene.hullAngle);
            scene.hullOmega = Math.sin(i);
            scene.time = time;
            for (int w = 0; w < 4; w++) {
                double across = (w % 2 * 2 - 1) * 1.1;
                double along = w < 2 ? 1.6 : -1.64;
                scene.wheelX[w] = point.x() + across * Math.cos(scene.hullAngle) - along * Math.sin(scene.hullAngle);
                scene.wheelY[w] = point.y() + across * Math.sin(scene.hullAngle) + along * Math.cos(scene.hullAngle);
                scene.wheelAngle[w] = scene.hullAngle;
                scene.wheelOmega[w] = 90;
                scene.wheelPhase[w] = i;
            }
            scene.frontLeftJointAngle = 0.2;
            scene.score = i;
            scenes[i] = scene;
        }
    }

    @Benchmark
    public ByteBuffer picture() {
        next = next + 1 == scenes.length ? 0 : next + 1;
        frame.clear();
        picture.draw(scenes[next], frame);
        return frame;
    }

    @Benchmark
    public ByteBuffer worldModelsFrame() {
        small.clear();
        resize.resize(frame.clear(), small);
        return small;
    }
}
