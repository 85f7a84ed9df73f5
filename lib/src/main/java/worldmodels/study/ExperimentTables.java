package worldmodels.study;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import worldmodels.report.ResultTable;
import worldmodels.run.Cost;
import worldmodels.run.Preset;

/** What an experiment says about itself before it runs. */
public final class ExperimentTables {

    private ExperimentTables() {}

    /** The settings that a preset changes against the sources'. */
    public static ResultTable differences(Preset preset) {
        List<Preset.Difference> differences = preset.differences();
        Map<String, List<String>> columns = new LinkedHashMap<>();
        columns.put("setting", differences.stream().map(Preset.Difference::key).toList());
        columns.put("paper", differences.stream().map(Preset.Difference::paper).toList());
        columns.put(preset.name(), differences.stream().map(Preset.Difference::here).toList());
        return ResultTable.ofText("What the preset '" + preset.name() + "' changes against the sources", columns);
    }

    /**
     * What each stage is predicted to take.
     *
     * @param speed of this machine, 1 for the reference machine
     */
    public static ResultTable cost(Preset preset, double speed) {
        PredictedCost cost = PredictedCost.of(preset, speed);
        Map<String, List<String>> columns = new LinkedHashMap<>();
        columns.put("stage", with(cost.stages().stream().map(Cost::name).toList(), "all"));
        columns.put("work", with(cost.stages().stream().map(s -> String.format(Locale.ROOT, "%,.0f %s", s.amount(), s.unit())).toList(),
                String.format(Locale.ROOT, "%.1f GB on disk", cost.disk() / 1e9)));
        columns.put("predicted time", with(cost.stages().stream().map(s -> duration(s.seconds())).toList(), duration(cost.seconds())));
        return ResultTable.ofText(String.format(Locale.ROOT,
                "Predicted cost of the preset '%s' on this machine, %.2f times as fast as the reference machine%s", preset.name(), speed,
                budget(cost)), columns);
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
            return String.format(Locale.ROOT, "%.1f h", seconds / 3600);
        }
        return Math.round(seconds / 86400) + " days";
    }

    private static List<String> with(List<String> cells, String last) {
        List<String> all = new ArrayList<>(cells);
        all.add(last);
        return all;
    }
}
