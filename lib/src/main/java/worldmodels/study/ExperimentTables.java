package worldmodels.study;

import static worldmodels.report.Numbers.format;

import worldmodels.report.Columns;
import worldmodels.report.ResultTable;
import worldmodels.run.Preset;

/** What an experiment says about itself before it runs. */
public final class ExperimentTables {

    private ExperimentTables() {}

    /** The settings that a preset changes against the sources'. */
    public static ResultTable differences(Preset preset) {
        Columns columns = new Columns("setting", "paper", preset.name());
        preset.differences().forEach(difference -> columns.add(difference.key(), difference.paper(), difference.here()));
        return columns.table("What the preset '" + preset.name() + "' changes against the sources");
    }

    /**
     * What each stage is predicted to take.
     *
     * @param speed of this machine, 1 for the reference machine
     */
    public static ResultTable cost(Preset preset, double speed) {
        PredictedCost cost = PredictedCost.of(preset, speed);
        Columns columns = new Columns("stage", "work", "predicted time");
        cost.stages().forEach(stage -> columns.add(stage.name(), format("%,.0f %s", stage.amount(), stage.unit()), duration(stage.seconds())));
        columns.add("all", format("%.1f GB on disk", cost.disk() / 1e9), duration(cost.seconds()));
        return columns.table(format("Predicted cost of the preset '%s' on this machine, %.2f times as fast as the reference machine%s", preset.name(), speed,
                budget(cost)));
    }

    private static String budget(PredictedCost cost) {
        return cost.budget().map(seconds -> (cost.exceedsBudget() ? "; this is MORE than the preset's budget of " : "; the budget is ")
                + duration(seconds) + (cost.exceedsBudget() ? ", and can be stopped and continued at any time" : "")).orElse("");
    }

    /** @return e.g. {@code 45 s}, {@code 12 min}, {@code 3.4 h}, {@code 20 days} */
    static String duration(double seconds) {
        if (seconds < 90) {
            return Math.round(seconds) + " s";
        }
        if (seconds < 5400) {
            return Math.round(seconds / 60) + " min";
        }
        if (seconds < 48 * 3600) {
            return format("%.1f h", seconds / 3600);
        }
        return Math.round(seconds / 86400) + " days";
    }
}
