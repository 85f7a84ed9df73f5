package worldmodels.study.panda;

import static worldmodels.report.Numbers.format;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import worldmodels.evaluation.Summary;
import worldmodels.report.Columns;
import worldmodels.report.Numbers;
import worldmodels.report.PublishedNumbers;
import worldmodels.report.ResultTable;
import worldmodels.run.Progress;

/** The world model's rows of the thesis' table 3, and what z tells of hand and goal. */
public final class ReachTables {

    private ReachTables() {}

    /** The thesis' rows, then ours. Learns and tries whatever the preset names and has not been yet. */
    public static ResultTable rows(ReachExperiment experiment, Progress progress) {
        Columns columns = new Columns("agent", "control", "C sees", "C evolved on", "success, %", "there at all, %", "steps until there", "success of each chain, %");
        for (Map<String, String> row : PublishedNumbers.asGiven("panda")) {
            if (row.get("row").contains("thesis")) {
                columns.add(row.get("row"), row.get("control"), Numbers.ABSENT, Numbers.ABSENT, row.get("success"), Numbers.ABSENT, Numbers.ABSENT, Numbers.ABSENT);
            }
        }
        for (ReachRow row : experiment.settings().rows()) {
            List<Reaches> chains = experiment.chains().stream().map(chain -> chain.evaluation(row, progress)).toList();
            Reaches all = Reaches.together(chains);
            columns.add("World model with " + row.visionLabel() + ", here", row.task().controlled(), row.sight().label(), row.task().rewarded() + " return",
                    text(all.success(), "%.0f"), text(all.reached(), "%.0f"), all.stepsToSuccess().map(steps -> text(steps, "%.1f")).orElse(Numbers.ABSENT),
                    chains.stream().map(chain -> format("%.0f", chain.success().mean())).collect(Collectors.joining(", ")));
        }
        Summary any = experiment.evaluation(experiment.settings().rows().getFirst(), progress).success();
        return columns.table(format("Reach with a world model, preset %s, %s (success within 5 cm after the last of 50 steps; \"there at all\" is what V3 would count,"
                + " whose episodes end there): mean and 95 %% interval on goals that nothing was learned from, %d episodes of %d chains",
                experiment.preset().name(), experiment.settings().version(), any.n(), any.k()));
    }

    /** The gate: what a linear probe reads from z, for each V and control of the first chain. */
    public static ResultTable probes(ReachExperiment experiment, Progress progress) {
        Columns columns = new Columns("V", "control", "what", "R²", "error, cm", "without z, cm");
        experiment.settings().rows().stream().map(row -> List.of(row.vision(), row.control())).distinct().forEach(of -> {
            ReachRow row = experiment.settings().rows().stream().filter(each -> each.vision().equals(of.get(0)) && each.control() == of.get(1)).findFirst().orElseThrow();
            experiment.chains().getFirst().probes(row, progress).forEach(probe -> columns.add(row.visionLabel(), row.task().controlled(), probe.what(),
                    format("%.2f", probe.share()), format("%.1f", probe.error()), format("%.1f", probe.mean())));
        });
        return columns.table(format("What z of %d numbers tells of hand and goal, by a linear probe on episodes that V has not learned from, preset %s",
                experiment.settings().latent(), experiment.preset().name()));
    }

    private static String text(Summary s, String number) {
        return format(number + " [" + number + ", " + number + "]", s.mean(), s.low(), s.high());
    }
}
