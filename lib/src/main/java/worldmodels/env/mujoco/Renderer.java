package worldmodels.env.mujoco;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import worldmodels.run.KitException;

/**
 * Draws what a fixed camera of a simulation sees, off screen: height x width x 3 bytes RGB, first row top. All geoms, sites and tendons of
 * the visible groups with shadows, reflections and sky, as dm_control's {@code Physics.render} draws them.
 *
 * @implNote Drawing may come from any thread; renderers take turns. The context holds textures and buffers of some 40 MB in Mesa; {@link #close} frees
 *           them, else the collector does once nobody knows the renderer.
 */
public final class Renderer implements AutoCloseable {

    private static final int MOST_GEOMS = 1000;

    /**
     * One at a time. Before Mesa reads a picture it asks every context of the process whether that is still being drawn to, also those in which another
     * thread is drawing just then, and goes by lists that are gone by the time (seen with Mesa 22.3, whose rasteriser takes turns anyway).
     */
    private static final Object DRAWING = new Object();

    private final Simulation simulation;
    private final int height;
    private final int width;
    private final Owned owned;
    private final Cleaner.Cleanable cleanable;

    /**
     * @param simulation what to draw; has to stay open as long as this draws
     * @param camera     index of a camera of the model
     * @param height     of the picture, at most the model's {@code offheight}
     * @param width      of the picture, at most the model's {@code offwidth}
     * @throws KitException if the OpenGL library is not on this machine, or the model has no such camera or too small a buffer
     */
    public Renderer(Simulation simulation, int camera, int height, int width) {
        int cameras = Layout.integer(simulation.model(), Layout.NCAM);
        int highest = Layout.integer(simulation.model(), Layout.OFF_HEIGHT);
        int widest = Layout.integer(simulation.model(), Layout.OFF_WIDTH);
        if (camera < 0 || camera >= cameras) {
            throw new KitException("The model has " + cameras + " cameras, so none with index " + camera + ".");
        }
        if (height < 1 || width < 1 || height > highest || width > widest) {
            throw new KitException("A picture of " + height + " x " + width + " does not fit the model's buffer of " + highest + " x " + widest
                    + "; set offheight and offwidth in <visual><global/></visual>.");
        }
        this.simulation = simulation;
        this.height = height;
        this.width = width;
        synchronized (DRAWING) {
            OffscreenGl gl = OffscreenGl.create(width, height);
            owned = Guard.call("MuJoCo could not prepare drawing", () -> new Owned(simulation, camera, height, width, gl));
        }
        cleanable = Simulation.CLEANER.register(this, owned);
    }

    /** Bytes of one picture. */
    public int bytes() {
        return height * width * 3;
    }

    /**
     * Draws the simulation's current positions and advances the buffer by {@link #bytes}. They are up to date after a forward pass or
     * {@link Simulation#advance}.
     */
    public void draw(ByteBuffer target) {
        owned.refuseClosed();
        try {
            owned.draw(simulation);
        } finally {
            Reference.reachabilityFence(this);
        }
        int row = width * 3;
        MemorySegment picture = MemorySegment.ofBuffer(target);
        for (int y = 0; y < height; y++) {
            MemorySegment.copy(owned.pixels, (long) (height - 1 - y) * row, picture, (long) y * row, row);
        }
        target.position(target.position() + bytes());
    }

    /** Frees the context; may be called more than once. */
    @Override
    public void close() {
        cleanable.clean();
    }

    /** The native side, which must not know the renderer so that the collector can find that unused. */
    private static final class Owned implements Runnable {

        private final Arena arena = Arena.ofShared();
        private final OffscreenGl gl;
        private final MemorySegment scene = arena.allocate(Layout.SCENE_BYTES, Long.BYTES);
        private final MemorySegment option = arena.allocate(Layout.OPTION_BYTES, Long.BYTES);
        private final MemorySegment perturb = arena.allocate(Layout.PERTURB_BYTES, Long.BYTES);
        private final MemorySegment camera = arena.allocate(Layout.CAMERA_BYTES, Long.BYTES);
        private final MemorySegment context = arena.allocate(Layout.CONTEXT_BYTES, Long.BYTES);
        private final MemorySegment viewport = arena.allocate(Layout.RECT);
        private final MemorySegment pixels;

        private Owned(Simulation simulation, int cameraIndex, int height, int width, OffscreenGl gl) {
            this.gl = gl;
            pixels = arena.allocate(3L * height * width);
            viewport.setAtIndex(JAVA_INT, 2, width);
            viewport.setAtIndex(JAVA_INT, 3, height);
            try {
                Native.DEFAULT_SCENE.invokeExact(scene);
                Native.MAKE_SCENE.invokeExact(simulation.modelAddress(), scene, MOST_GEOMS);
                Native.DEFAULT_OPTION.invokeExact(option);
                option.set(JAVA_BYTE, Layout.OPTION_FLAGS + Layout.RANGE_FINDERS, (byte) 0);
                Native.DEFAULT_PERTURB.invokeExact(perturb);
                Native.DEFAULT_CAMERA.invokeExact(camera);
                camera.set(JAVA_INT, Layout.CAMERA_TYPE, Layout.CAMERA_FIXED);
                camera.set(JAVA_INT, Layout.CAMERA_FIXED_ID, cameraIndex);
                // Without a current context the library would make one that draws nothing.
                gl.makeCurrent();
                try {
                    Native.DEFAULT_CONTEXT.invokeExact(context);
                    Native.MAKE_CONTEXT.invokeExact(simulation.modelAddress(), context, Layout.FONT_SCALE);
                    Native.SET_BUFFER.invokeExact(Layout.OFF_SCREEN, context);
                } finally {
                    gl.release();
                }
            } catch (RuntimeException e) {
                throw e;
            } catch (Throwable e) {
                throw Native.unexpected(e);
            }
        }

        void refuseClosed() {
            if (!arena.scope().isAlive()) {
                throw new IllegalStateException("This renderer has been closed; make a new one.");
            }
        }

        void draw(Simulation simulation) {
            try {
                Native.UPDATE_SCENE.invokeExact(simulation.modelAddress(), simulation.dataAddress(), option, perturb, camera,
                        Layout.ALL_CATEGORIES, scene);
                synchronized (DRAWING) {
                    gl.makeCurrent();
                    try {
                        Native.RENDER.invokeExact(viewport, scene, context);
                        Native.READ_PIXELS.invokeExact(pixels, MemorySegment.NULL, viewport, context);
                    } finally {
                        gl.release();
                    }
                }
            } catch (RuntimeException e) {
                throw e;
            } catch (Throwable e) {
                throw Native.unexpected(e);
            }
        }

        @Override
        public void run() {
            synchronized (DRAWING) {
                try {
                    gl.makeCurrent();
                    try {
                        Native.FREE_CONTEXT.invokeExact(context);
                    } finally {
                        gl.release();
                    }
                    Native.FREE_SCENE.invokeExact(scene);
                } catch (RuntimeException e) {
                    throw e;
                } catch (Throwable e) {
                    throw Native.unexpected(e);
                }
                gl.destroy();
            }
            arena.close();
        }
    }
}
