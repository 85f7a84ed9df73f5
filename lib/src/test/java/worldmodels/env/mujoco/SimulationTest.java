package worldmodels.env.mujoco;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import worldmodels.OtherJvm;
import worldmodels.env.mujoco.Simulation.Part;
import worldmodels.run.KitException;

class SimulationTest {

    private static final String BALL = """
            <mujoco>
              <worldbody>
                <camera name="front" pos="0 -1 1" xyaxes="1 0 0 0 0 1"/>
                <geom name="ground" type="plane" size="5 5 1"/>
                <body name="ball" pos="0 0 1">
                  <joint name="fall" type="slide" axis="0 0 1"/>
                  <geom name="ball" size="0.1" rgba="1 0 0 1"/>
                  <site name="top" pos="0 0 0.1"/>
                </body>
              </worldbody>
              <actuator><motor name="lift" joint="fall"/></actuator>
              <sensor><jointpos name="height" joint="fall"/></sensor>
            </mujoco>
            """;

    @BeforeAll
    static void needsMuJoCo() {
        assumeTrue(MuJoCo.isAvailable(), "MuJoCo is not on this machine");
    }

    @Test
    void aBallFallsAsGravitySays() {
        assertEquals("2.2.2", MuJoCo.version());
        try (Simulation simulation = Simulation.fromXml(BALL)) {
            assertEquals(0.002, simulation.timestep());
            simulation.forward();
            simulation.advance(100);
            assertEquals(0.2, simulation.time(), 1e-12);
            double fallen = -9.81 * 0.002 * 0.002 * 100 * 101 / 2;
            assertEquals(fallen, simulation.qpos().get(JAVA_DOUBLE, 0), 1e-12, "semi-implicit Euler's sum");
            assertEquals(-9.81 * 0.2, simulation.qvel().get(JAVA_DOUBLE, 0), 1e-12);
            assertEquals(fallen, simulation.sensordata().get(JAVA_DOUBLE, 0), 1e-12);
            assertEquals(1 + fallen, simulation.xpos().getAtIndex(JAVA_DOUBLE, 3L * simulation.id(Part.BODY, "ball") + 2), 1e-12);
            assertEquals(1 + fallen, simulation.geomXpos().getAtIndex(JAVA_DOUBLE, 3L * simulation.id(Part.GEOM, "ball") + 2), 1e-12);
            assertEquals(1.1 + fallen, simulation.siteXpos().getAtIndex(JAVA_DOUBLE, 3L * simulation.id(Part.SITE, "top") + 2), 1e-12);
            assertEquals(0, simulation.contacts());
            simulation.advance(2000);
            assertEquals(1, simulation.contacts(), "it lies on the ground");
            simulation.reset();
            assertEquals(0, simulation.time());
        }
    }

    @Test
    void inertiaAndGravityOfAFallingBall() {
        try (Simulation simulation = Simulation.fromXml(BALL)) {
            simulation.step1();
            double ball = 4.0 / 3 * Math.PI * 1e-3 * 1000;
            double[] mass = new double[1];
            simulation.massMatrix(mass);
            int body = simulation.id(Part.BODY, "ball");
            assertEquals(ball, mass[0], 1e-12, "its volume at the density of water");
            assertEquals(ball, simulation.bodyMass().getAtIndex(JAVA_DOUBLE, body), 1e-12);
            assertEquals(0.4 * ball * 0.1 * 0.1, simulation.bodyInertia().getAtIndex(JAVA_DOUBLE, 3L * body), 1e-12);
            assertEquals(9.81 * ball, simulation.bias().get(JAVA_DOUBLE, 0), 1e-12);
            assertEquals(1, simulation.xipos().getAtIndex(JAVA_DOUBLE, 3L * body + 2), 1e-12);
            assertEquals(1, simulation.ximat().getAtIndex(JAVA_DOUBLE, 9L * body), 1e-12);
            assertArrayEquals(new double[] {0, 0, 1}, simulation.jointAxes().toArray(JAVA_DOUBLE));
            assertArrayEquals(new double[] {0, 0, 1}, simulation.jointAnchors().toArray(JAVA_DOUBLE));
            assertEquals(1, simulation.bodyPos().getAtIndex(JAVA_DOUBLE, 3L * body + 2));
            assertEquals(1, simulation.bodyQuat().getAtIndex(JAVA_DOUBLE, 4L * body));
            assertEquals(0.1, simulation.sitePos().getAtIndex(JAVA_DOUBLE, 2));
            assertEquals(1, simulation.geomFriction().getAtIndex(JAVA_DOUBLE, 3L * simulation.id(Part.GEOM, "ball")));
        }
    }

    @Test
    void aContactLiesMidwayWithItsNormalUp() {
        try (Simulation simulation = Simulation.fromXml(BALL)) {
            Contacts contacts = simulation.contactPoints();
            simulation.forward();
            assertEquals(0, contacts.count());
            simulation.qpos().set(JAVA_DOUBLE, 0, -0.92);
            simulation.forward();
            assertEquals(1, contacts.count());
            assertEquals(-0.02, contacts.distance(0), 1e-12);
            assertEquals(-0.01, contacts.position(0, 2), 1e-12);
            assertEquals(1, contacts.frame(0, 0, 2), 1e-12);
            assertEquals(0, contacts.frame(0, 1, 2), 1e-12, "a tangent");
            assertEquals(simulation.id(Part.GEOM, "ground"), contacts.firstGeom(0));
            assertEquals(simulation.id(Part.GEOM, "ball"), contacts.secondGeom(0));
        }
    }

    @Test
    void actuationCanBeLeftOutOfAForwardPass() {
        try (Simulation simulation = Simulation.fromXml(BALL)) {
            simulation.ctrl().set(JAVA_DOUBLE, 0, 1e3);
            simulation.forwardWithoutActuation();
            double[] without = simulation.save().warmstart();
            simulation.forward();
            assertEquals(-9.81, without[0], 1e-12);
            assertTrue(simulation.save().warmstart()[0] > 0);
        }
    }

    @Test
    void includedTextsAreFoundByName() {
        String whole = "<mujoco><include file=\"ball.xml\"/></mujoco>";
        try (Simulation simulation = Simulation.fromXml(whole, Map.of("ball.xml", BALL))) {
            assertEquals(1, simulation.nq());
            assertEquals(1, simulation.nu());
        }
        assertSays("missing.xml", () -> Simulation.fromXml("<mujoco><include file=\"missing.xml\"/></mujoco>"));
    }

    @Test
    void badModelsAreRefusedWithTheLibrarysReason() {
        assertSays("XML parse error", () -> Simulation.fromXml("<mujoco><worldbody></mujoco>"));
        assertSays("unrecognized", () -> Simulation.fromXml("<mujoco><gravity/></mujoco>"));
        assertSays("size", () -> Simulation.fromXml("<mujoco><worldbody><geom/></worldbody></mujoco>"));
        assertSays("mend", () -> Simulation.fromXml("no XML at all"));
        assertSays("The model's file model.xml is empty", () -> Simulation.fromXml(""));
        assertSays("nstack", () -> Simulation.fromXml(BALL.replace("<worldbody>", "<size nstack=\"2000\"/><worldbody>")));
    }

    @Test
    void partsThatAreNotThereAreNamed() {
        try (Simulation simulation = Simulation.fromXml(BALL)) {
            assertSays("no site named tail", () -> simulation.id(Part.SITE, "tail"));
            assertEquals(0, simulation.id(Part.ACTUATOR, "lift"));
            assertEquals(0, simulation.id(Part.SENSOR, "height"));
            assertEquals(0, simulation.id(Part.JOINT, "fall"));
            assertEquals(0, simulation.id(Part.CAMERA, "front"));
        }
    }

    @Test
    void numbersThatAreNotFiniteFailTheStep() {
        try (Simulation simulation = Simulation.fromXml(BALL)) {
            simulation.forward();
            SimulationState before = simulation.save();
            simulation.ctrl().set(JAVA_DOUBLE, 0, Double.NaN);
            assertSays("CTRL", simulation::step);
            assertEquals(1, simulation.warnings()[7]);
            simulation.restore(before);
            simulation.qpos().set(JAVA_DOUBLE, 0, Double.NaN);
            assertSays("QPOS", simulation::step);
            assertSays("reset it", simulation::step);
            simulation.restore(before);
            simulation.step();
            assertArrayEquals(new int[8], simulation.warnings());
            simulation.qvel().set(JAVA_DOUBLE, 0, Double.POSITIVE_INFINITY);
            assertSays("not finite", () -> simulation.restore(simulation.save()));
        }
    }

    @Test
    void statesOfOtherModelsAreRefused() {
        try (Simulation simulation = Simulation.fromXml(BALL)) {
            double[] two = new double[2];
            assertSays("does not belong", () -> simulation.restore(new SimulationState(0, two, two, new double[0], two, two, two)));
        }
    }

    @Test
    void viewsOfAClosedSimulationThrow() {
        Simulation simulation = Simulation.fromXml(BALL);
        MemorySegment qpos = simulation.qpos();
        simulation.close();
        simulation.close();
        assertThrows(IllegalStateException.class, () -> qpos.get(JAVA_DOUBLE, 0));
        assertThrows(IllegalStateException.class, simulation::step);
        assertThrows(IllegalStateException.class, () -> simulation.id(Part.BODY, "ball"));
    }

    @Test
    void picturesHaveTheSkysideUp() {
        assumeTrue(OffscreenGl.problem() == null, OffscreenGl.problem());
        try (Simulation simulation = Simulation.fromXml(BALL)) {
            simulation.forward();
            assertSays("no", () -> new Renderer(simulation, 1, 20, 30));
            assertSays("does not fit", () -> new Renderer(simulation, 0, 481, 640));
            Renderer renderer = new Renderer(simulation, 0, 20, 30);
            ByteBuffer picture = ByteBuffer.allocate(renderer.bytes() + 2).position(2);
            renderer.draw(picture);
            assertEquals(0, picture.remaining());
            int middle = 2 + (10 * 30 + 15) * 3;
            assertTrue((picture.get(middle) & 0xff) > 100 && (picture.get(middle + 1) & 0xff) < 60, "the ball is red and in the middle");
            assertEquals(0, picture.get(2 + 3 * 15), "nothing above the horizon");
            assertTrue((picture.get(2 + (19 * 30 + 15) * 3) & 0xff) > 10, "the ground below");
            renderer.close();
            renderer.close();
            assertThrows(IllegalStateException.class, () -> renderer.draw(picture.clear()));
        }
    }

    @Test
    void errorsOfTheLibraryBecomeExceptions() {
        // Never freed: the call that holds it does not end.
        MemorySegment text = Arena.global().allocateFrom("the stack is full.");
        assertSays("Thinking failed: the stack is full.", () -> Guard.call("Thinking failed", () -> {
            try {
                Native.ERROR.invokeExact(text);
                return "went on";
            } catch (Throwable e) {
                throw Native.unexpected(e);
            }
        }));
        try (Simulation simulation = Simulation.fromXml(BALL)) {
            simulation.advance(3);
        }
    }

    @Test
    void aBufferThatOpenGlRefusesIsAnException() {
        assumeTrue(OffscreenGl.problem() == null, OffscreenGl.problem());
        String large = BALL.replace("<worldbody>", "<visual><global offwidth=\"100000\" offheight=\"100000\"/></visual><worldbody>");
        try (Simulation simulation = Simulation.fromXml(large)) {
            assertSays("MuJoCo could not prepare drawing: Offscreen framebuffer", () -> new Renderer(simulation, 0, 10, 10));
            simulation.advance(3);
        }
    }

    @Test
    void nothingIsPrintedAndNoLogIsWritten(@TempDir Path folder) throws IOException, InterruptedException {
        assertEquals("survived", OtherJvm.run(SimulationTest.class, folder, Map.of()));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(), files.toList());
        }
    }

    /** Makes a warning, an error and a refused model. */
    public static void main(String[] arguments) {
        SimulationTest test = new SimulationTest();
        test.numbersThatAreNotFiniteFailTheStep();
        test.errorsOfTheLibraryBecomeExceptions();
        test.badModelsAreRefusedWithTheLibrarysReason();
        System.out.println("survived");
    }

    private static void assertSays(String part, Runnable call) {
        KitException e = assertThrows(KitException.class, call::run);
        assertTrue(e.getMessage().contains(part), e.getMessage());
    }
}
