package worldmodels.env.mujoco;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import worldmodels.OtherJvm;
import worldmodels.run.KitException;

/** Libraries that are missing or chosen, each in a process of its own, since a process looks for them once. */
class LibrariesTest {

    @Test
    void aMissingMuJoCoIsOneSentenceWithItsPackage() throws IOException, InterruptedException {
        assertEquals("MuJoCo 2.2.2 is not on this machine (no /nowhere/libmujoco.so, which WM_MUJOCO_LIBRARY names); install it with: "
                + "apt-get install libmujoco2.2.2.", run("WM_MUJOCO_LIBRARY", "/nowhere/libmujoco.so"));
    }

    @Test
    void anotherLibraryIsRefused() throws IOException, InterruptedException {
        assertEquals("The kit needs MuJoCo 2.2.2, but the library found is not MuJoCo; install Debian's with: apt-get install libmujoco2.2.2.",
                run("WM_MUJOCO_LIBRARY", "libm.so.6"));
    }

    @Test
    void aMissingOpenGlIsOneSentenceWithItsPackage() throws IOException, InterruptedException {
        assumeTrue(MuJoCo.isAvailable(), "MuJoCo is not on this machine");
        assertEquals("Pictures need OSMesa, which is not on this machine (no /nowhere/libOSMesa.so, which WM_GL_LIBRARY names); install it with: "
                + "apt-get install libosmesa6.", run("WM_GL_LIBRARY", "/nowhere/libOSMesa.so"));
    }

    @Test
    void anUnknownWayToDrawIsRefused() throws IOException, InterruptedException {
        assumeTrue(MuJoCo.isAvailable(), "MuJoCo is not on this machine");
        assertEquals("WM_GL is glfw; set it to osmesa or egl, or leave it out.", run("WM_GL", "glfw"));
    }

    @Test
    void eglDrawsTheSameBytes() throws IOException, InterruptedException {
        assumeTrue(OffscreenGl.problem() == null, OffscreenGl.problem());
        String egl = run("WM_GL", "egl");
        assumeTrue(!egl.contains("EGL"), egl);
        String osmesa = run("WM_GL", "osmesa");
        assertTrue(osmesa.startsWith("drawn"), osmesa);
        assertEquals(osmesa, egl);
    }

    private static String run(String variable, String value) throws IOException, InterruptedException {
        return OtherJvm.run(LibrariesTest.class, null, Map.of(variable, value));
    }

    /** Prints the sum of a picture, or why there is none. */
    public static void main(String[] arguments) {
        String model = "<mujoco><worldbody><light pos=\"0 0 3\"/><camera pos=\"0 0 2\"/><geom size=\"0.5\"/></worldbody></mujoco>";
        try (Simulation simulation = Simulation.fromXml(model)) {
            simulation.forward();
            try (Renderer renderer = new Renderer(simulation, 0, 48, 64)) {
                ByteBuffer picture = ByteBuffer.allocate(renderer.bytes());
                renderer.draw(picture);
                CRC32 sum = new CRC32();
                sum.update(picture.array());
                System.out.println("drawn " + sum.getValue());
            }
        } catch (KitException e) {
            System.out.println(e.getMessage());
        }
    }
}
