package worldmodels.env.control;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import worldmodels.env.ActionRepeat;
import worldmodels.env.Environment;
import worldmodels.env.mujoco.Simulation;

/**
 * The tasks on which PlaNet was published (Hafner et al. 2019, section 5), in its order. Each takes actions in [-1, 1], gives rewards in
 * [0, 1] per control step, and lasts 1000 control steps. The classes named here describe them.
 */
public enum ControlTask {

    /** {@link CartpoleSwingup} */
    CARTPOLE_SWINGUP(1, 8, 1, CartpoleSwingup::new),
    /** {@link ReacherEasy} */
    REACHER_EASY(1, 4, 2, ReacherEasy::new),
    /** {@link CheetahRun} */
    CHEETAH_RUN(1, 4, 6, CheetahRun::new),
    /** {@link FingerSpin} */
    FINGER_SPIN(2, 2, 2, FingerSpin::new),
    /** {@link BallInCupCatch} */
    BALL_IN_CUP_CATCH(10, 4, 2, BallInCupCatch::new),
    /** {@link WalkerWalk} */
    WALKER_WALK(10, 2, 6, WalkerWalk::new);

    private final int physicsSteps;
    private final int actionRepeat;
    private final int actions;
    private final Function<Simulation, SuiteTask> logic;

    ControlTask(int physicsSteps, int actionRepeat, int actions, Function<Simulation, SuiteTask> logic) {
        this.physicsSteps = physicsSteps;
        this.actionRepeat = actionRepeat;
        this.actions = actions;
        this.logic = logic;
    }

    /** The suite's name, e.g. {@code cartpole_swingup}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Steps of the physics in one control step. */
    public int physicsSteps() {
        return physicsSteps;
    }

    /** Control steps for which PlaNet holds an action. */
    public int actionRepeat() {
        return actionRepeat;
    }

    /** How many numbers an action has. */
    public int actions() {
        return actions;
    }

    /** The task as PlaNet acts on it: pictures, each action repeated {@link #actionRepeat} times. */
    public Environment repeated() {
        return repeated(Pictures.EXACT);
    }

    /** And with another choice of how it is drawn. */
    public Environment repeated(Pictures pictures) {
        return new ActionRepeat(ControlEnvironment.of(this, pictures), actionRepeat);
    }

    /** @param pictures for which the model has what only they need; its physics is the same without, and with null it has none of it */
    Simulation simulation(Pictures pictures) {
        return Simulation.fromXml(resource(id() + ".xml"), Map.of("look.xml", pictures != null ? pictures.in(resource("look.xml")) : resource("no-look.xml")));
    }

    SuiteTask logic(Simulation simulation) {
        return logic.apply(simulation);
    }

    private static String resource(String name) {
        try (InputStream in = ControlTask.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
