package worldmodels.report;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import worldmodels.evaluation.Evaluation;
import worldmodels.run.KitException;
import worldmodels.run.Stage;

/**
 * The kept agents of one row of a table once more on their test episodes, without training: whether the table can be made again to the last digit.
 *
 * @param agent what the row is called
 * @param again the episodes now
 * @param kept  the episodes of the table
 */
public record Reevaluated(String agent, Evaluation again, Evaluation kept) {

    /**
     * Puts back what the evaluations' agents are made of, and evaluates.
     *
     * @param evaluations the row's stages in an empty work folder
     * @param kept        the folder with a folder for each kept stage
     * @param read        the result of a finished one
     * @param again       evaluates in the work folder
     * @return empty if none of the evaluations is kept: the row has not been made with these settings
     * @throws KitException if some are, and a stage that one of their agents is made of is not
     */
    public static Optional<Reevaluated> ifKept(String agent, List<Stage> evaluations, Path kept, Function<Stage, Evaluation> read, Supplier<Evaluation> again) {
        return ifKept(agent, evaluations, evaluations.stream().flatMap(evaluation -> evaluation.ancestry().stream()).toList(), kept, read, again);
    }

    /**
     * Likewise, for agents that were trained from others.
     *
     * @param madeOf all that it takes for the agents to act; what they were trained from need not be kept
     */
    public static Optional<Reevaluated> ifKept(String agent, List<Stage> evaluations, List<Stage> madeOf, Path kept, Function<Stage, Evaluation> read,
                                               Supplier<Evaluation> again) {
        if (evaluations.stream().noneMatch(stage -> stage.in(kept).isFinished())) {
            return Optional.empty();
        }
        madeOf.stream().filter(stage -> !evaluations.contains(stage) && !KeptStages.isData(stage)).forEach(stage -> KeptStages.putBack(stage, kept));
        Evaluation before = Evaluation.together(evaluations.stream().map(stage -> read.apply(stage.in(kept))).toList());
        return Optional.of(new Reevaluated(agent, again.get(), before));
    }

    /** Whether every episode has the very same score and length. */
    public boolean isIdentical() {
        return again.equals(kept);
    }

    @Override
    public String toString() {
        String same = isIdentical() ? "identical in all " + kept.episodes().size() + " episodes"
                : String.format(Locale.ROOT, "NOT identical: the table says %s", kept.summary());
        return String.format(Locale.ROOT, "%-14s %s  %s", agent, again.summary(), same);
    }
}
