package worldmodels.study.ppo;

import java.nio.file.Path;
import worldmodels.nn.Checkpoint;
import worldmodels.nn.LearningCurve;
import worldmodels.rl.ActionHistograms;
import worldmodels.rl.Ppo;
import worldmodels.run.Stage;
import worldmodels.study.carracing.CarRacingExperiment;

/**
 * An agent that PPO has trained.
 *
 * @param chain whose V and M it sees with, and whose seed it has
 */
public record LearnedPpo(PpoRow row, CarRacingExperiment chain, Stage stage) {

    static final String FILE = "agent.safetensors";

    /** The training seed. */
    public long seed() {
        return chain.preset().integer("seed");
    }

    /** Returns by update: of episodes with chance that ended, and of the selection tracks without. */
    public LearningCurve returns() {
        return LearningCurve.of(file(), Ppo.RETURN);
    }

    /** Nats by update. */
    public LearningCurve entropy() {
        return LearningCurve.of(file(), Ppo.ENTROPY);
    }

    /** How often each action was done, by point of the curve: (points, actions, {@link ActionHistograms#BARS}). */
    public float[][][] histograms() {
        return ActionHistograms.of(checkpoint());
    }

    /** Environment steps of an update. */
    public double stepsPerUpdate() {
        PpoStudy.Driven driven = PpoStudy.driven(chain.preset(), row);
        return (double) driven.lanes() * driven.repeat() * PpoStudy.learning(chain.preset(), row).horizon();
    }

    /** Hours of an update: those of the stage, shared out evenly. */
    public double hoursPerUpdate() {
        return stage.seconds() / 3600 / PpoStudy.driven(chain.preset(), row).updates(PpoStudy.learning(chain.preset(), row));
    }

    /** Its weights by name. */
    public Checkpoint checkpoint() {
        return Checkpoint.read(file());
    }

    Path file() {
        return stage.file(FILE);
    }
}
