package worldmodels.study.control;

import static worldmodels.report.Numbers.format;

import java.util.List;
import worldmodels.env.control.ControlEnvironment;
import worldmodels.env.control.ControlTask;
import worldmodels.env.mujoco.MuJoCo;
import worldmodels.evaluation.Summary;
import worldmodels.report.Bars;
import worldmodels.report.Columns;
import worldmodels.report.Numbers;
import worldmodels.report.ResultTable;

/** Tables of the Control Suite's tasks. */
public final class ControlTables {

    private ControlTables() {}

    /** What the six tasks are: sizes, times, PlaNet's action repeat. */
    public static ResultTable tasks(List<ControlSurvey> surveys) {
        Columns columns = new Columns("task", "actions", "state", "physics steps per control step", "action repeat", "decisions per episode");
        for (ControlSurvey survey : surveys) {
            ControlTask task = survey.task();
            columns.add(task.id(), String.valueOf(task.actions()), String.valueOf(survey.stateSize()), String.valueOf(task.physicsSteps()),
                    String.valueOf(task.actionRepeat()), String.valueOf(ControlEnvironment.CONTROL_STEPS / task.actionRepeat()));
        }
        return columns.table("The six tasks: 1000 control steps each, pictures of 64 x 64 x 3 bytes");
    }

    /** What random actions earn, and how far the tasks are from the recorded original. */
    public static ResultTable survey(List<ControlSurvey> surveys) {
        Columns columns = new Columns("task", "return of random actions", "SD", "n", "largest difference from the recording",
                "picture difference (of 255)");
        for (ControlSurvey survey : surveys) {
            Summary summary = Summary.of(new double[][] {survey.returns()});
            double difference = Math.max(survey.difference().state(), Math.max(survey.difference().reward(), survey.difference().observation()));
            columns.add(survey.task().id(), format("%.1f [%.1f, %.1f]", summary.mean(), summary.low(), summary.high()), Numbers.text(summary.sd()),
                    String.valueOf(summary.n()), format("%.1g", difference), format("%.2f", survey.pictureDifference()));
        }
        return columns.table("Random actions, and the distance from the original's recordings, MuJoCo " + MuJoCo.version());
    }

    /** How fast the tasks are here. */
    public static ResultTable times(List<ControlSurvey> surveys) {
        Columns columns = new Columns("task", "control steps/s", "pictures/s");
        for (ControlSurvey survey : surveys) {
            columns.add(survey.task().id(), format("%,.0f", survey.stepsPerSecond()), format("%.0f", survey.picturesPerSecond()));
        }
        return columns.table("The tasks on this machine, one thread, MuJoCo " + MuJoCo.version());
    }

    /** Mean returns of random actions with their 95 % intervals; the greatest return there is is 1000. */
    public static Bars returns(List<ControlSurvey> surveys) {
        List<Summary> summaries = surveys.stream().map(survey -> Summary.of(new double[][] {survey.returns()})).toList();
        return new Bars("Random actions: mean return and its 95 % interval", "return of at most 1000",
                surveys.stream().map(survey -> survey.task().id().replaceFirst("_.*", "")).toList())
                .series("random actions", summaries.stream().mapToDouble(Summary::mean).toArray(),
                        summaries.stream().mapToDouble(summary -> (summary.high() - summary.low()) / 2).toArray());
    }
}
