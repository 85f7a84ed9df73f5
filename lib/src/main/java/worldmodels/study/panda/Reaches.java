package worldmodels.study.panda;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import worldmodels.data.Policy;
import worldmodels.data.StepListener;
import worldmodels.env.BatchedEnvironment;
import worldmodels.env.Environment;
import worldmodels.env.GoalEnvironment;
import worldmodels.env.ThreadedEnvironments;
import worldmodels.evaluation.Evaluation;
import worldmodels.evaluation.Summary;
import worldmodels.evaluation.TestEpisode;
import worldmodels.evaluation.TrackSeeds;
import worldmodels.run.KitException;
import worldmodels.run.Progress;
import worldmodels.run.Stage;
import worldmodels.run.WholeFile;

/**
 * Test episodes of reaching, whoever acts: the protocol of {@link Evaluation}, and of each episode when and whether the goal was achieved.
 *
 * @param episodes run by run, goals in order
 */
public record Reaches(List<Reach> episodes) {

    private static final String FILE = "episodes.csv";
    private static final String HEADER = "run,goal,return,steps,first,success";

    public Reaches {
        episodes = List.copyOf(episodes);
    }

    /**
     * One episode for each of the first test goals, which neither training nor its tests have.
     *
     * @param run          the training seed that the policy comes from
     * @param policy       for as many lanes as there are environments
     * @param environments with goals, whole episodes
     */
    public static Reaches of(long run, Policy policy, ThreadedEnvironments environments, int count, Progress progress) {
        return of(run, policy, environments, environments::lane, count, progress);
    }

    /** As above, where the environments show something else than their lanes' own observations. */
    static Reaches of(long run, Policy policy, BatchedEnvironment environments, IntFunction<Environment> lane, int count, Progress progress) {
        int[] first = new int[count];
        boolean[] atEnd = new boolean[count];
        StepListener watching = step -> {
            GoalEnvironment task = (GoalEnvironment) lane.apply(step.lane()).unwrapped();
            boolean isThere = task.isSuccess(task.achievedGoal(), task.desiredGoal());
            if (isThere && first[step.jobNumber()] == Reach.NEVER) {
                first[step.jobNumber()] = step.time() + 1;
            }
            atEnd[step.jobNumber()] = isThere;
        };
        List<TestEpisode> played = Evaluation.of(run, policy, environments, 1, TrackSeeds.TEST.first(count), watching, progress).episodes();
        return new Reaches(IntStream.range(0, count).mapToObj(i -> new Reach(run, played.get(i).track(), played.get(i).score(), played.get(i).steps(),
                first[i], atEnd[i])).toList());
    }

    /** As the result of a stage: played unless that is done. */
    static Reaches keptBy(Stage stage, Supplier<Reaches> played) {
        stage.complete(folder -> {
            Reaches reaches = played.get();
            WholeFile.writeText(folder.resolve(FILE), reaches.csv());
            return Map.of("environmentSteps", String.valueOf(reaches.episodes.stream().mapToLong(Reach::length).sum()));
        });
        return keptBy(stage);
    }

    /** The result of a finished stage. */
    static Reaches keptBy(Stage stage) {
        return read(stage.file(FILE));
    }

    /** Several training seeds' episodes as one. */
    public static Reaches together(List<Reaches> all) {
        return new Reaches(all.stream().flatMap(each -> each.episodes.stream()).toList());
    }

    /** Per cent of the episodes that were within 5 cm of their goals at some step, where V3 ends. */
    public Summary reached() {
        return summary(reach -> true, reach -> reach.first() == Reach.NEVER ? 0 : 100).orElseThrow();
    }

    /** Per cent of the episodes that ended within 5 cm of their goals. */
    public Summary success() {
        return summary(reach -> true, reach -> reach.atEnd() ? 100 : 0).orElseThrow();
    }

    public Summary returns() {
        return summary(reach -> true, Reach::episodeReturn).orElseThrow();
    }

    /** Steps until the tool was first there, of the episodes in which it ever was; empty if it never was. */
    public Optional<Summary> stepsToSuccess() {
        return summary(reach -> reach.first() != Reach.NEVER, Reach::first);
    }

    /** As whatever is scored is: the score is the return. */
    Evaluation scored() {
        return new Evaluation(episodes.stream().map(reach -> new TestEpisode(reach.run(), reach.goal(), reach.episodeReturn(), reach.length())).toList());
    }

    private Optional<Summary> summary(Predicate<Reach> counted, ToDoubleFunction<Reach> of) {
        List<TestEpisode> scored = episodes.stream().filter(counted)
                .map(reach -> new TestEpisode(reach.run(), reach.goal(), of.applyAsDouble(reach), reach.length())).toList();
        return scored.isEmpty() ? Optional.empty() : Optional.of(new Evaluation(scored).summary());
    }

    /** One line per episode. */
    public String csv() {
        StringBuilder text = new StringBuilder(HEADER).append('\n');
        for (Reach r : episodes) {
            text.append(r.run()).append(',').append(r.goal()).append(',').append(r.episodeReturn()).append(',').append(r.length()).append(',')
                    .append(r.first()).append(',').append(r.atEnd() ? 1 : 0).append('\n');
        }
        return text.toString();
    }

    private static Reaches read(Path file) {
        try {
            List<String> lines = Files.readString(file).lines().toList();
            if (lines.isEmpty() || !lines.getFirst().equals(HEADER)) {
                throw new IOException("the first line is not " + HEADER);
            }
            return new Reaches(lines.stream().skip(1).map(Reaches::parse).toList());
        } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new KitException("Cannot read the episodes in " + file + " (" + e.getMessage() + "); remove the file's folder and evaluate again.", e);
        }
    }

    private static Reach parse(String line) {
        String[] cells = line.split(",", -1);
        return new Reach(Long.parseLong(cells[0]), Long.parseLong(cells[1]), Double.parseDouble(cells[2]), Integer.parseInt(cells[3]), Integer.parseInt(cells[4]),
                cells[5].equals("1"));
    }
}
