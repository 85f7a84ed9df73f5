package worldmodels.study.panda;

import java.nio.file.Path;
import worldmodels.env.Space;
import worldmodels.nn.LearningCurve;
import worldmodels.rl.Actor;
import worldmodels.rl.OffPolicy;
import worldmodels.run.Stage;

/** An agent of the grid that has learned: its weights without what only learning on would need, and its curves. */
public record LearnedReach(PandaRow row, long seed, Stage stage) {

    static final String FILE = "agent.safetensors";

    /** Its actor. */
    public Actor actor(Space observations, Space actions) {
        return Actor.load(file(), observations, actions);
    }

    /** Shares of successes by step: of episodes with exploration, and of the test episodes without. */
    public LearningCurve successes() {
        return LearningCurve.of(file(), OffPolicy.SUCCESS);
    }

    /** Returns by step, likewise. */
    public LearningCurve returns() {
        return LearningCurve.of(file(), OffPolicy.RETURN);
    }

    private Path file() {
        return stage.file(FILE);
    }
}
