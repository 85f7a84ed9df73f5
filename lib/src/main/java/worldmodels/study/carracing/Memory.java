package worldmodels.study.carracing;

import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import worldmodels.data.Split;
import worldmodels.memory.LatentEpisode;
import worldmodels.memory.MdnRnn;
import worldmodels.memory.MdnRnnLearner;
import worldmodels.memory.MdnRnnSettings;
import worldmodels.memory.MdnRnnShape;
import worldmodels.nn.LearningCurve;
import worldmodels.nn.Seeds;
import worldmodels.nn.Training;
import worldmodels.run.Preset;
import worldmodels.run.Progress;
import worldmodels.run.Settings;
import worldmodels.run.Stage;

/** M, trained on the episodes as V sees them, but those kept for validation. */
public final class Memory {

    private static final String FILE = "memory.safetensors";

    /**
     * What sets one M apart from another on the same episodes.
     *
     * @param shape   with the heads that it needs
     * @param epochs  of its training; 0 leaves it as it was initialised
     * @param earlier the M whose weights the training begins with; empty for one that knows nothing
     * @param as      what it is told of an episode
     * @param how     it is trained, made of the preset's own way
     * @param recent  least share of a later round's own episodes in what an epoch shows; they are shown as often as that takes
     */
    public record Plan(MdnRnnShape shape, int epochs, Optional<Memory> earlier, UnaryOperator<LatentEpisode> as, UnaryOperator<MdnRnnSettings> how,
                       double recent) {

        /** One that begins with nothing and is trained as the preset says. */
        public Plan(MdnRnnShape shape, int epochs) {
            this(shape, epochs, Optional.empty(), UnaryOperator.identity(), UnaryOperator.identity(), 0);
        }
    }

    private final MemorySettings settings;
    private final long seed;
    private final NDManager manager;
    private final Encodings encodings;
    private final Plan plan;
    private final Stage stage;
    private TrainedMemory trained;

    /** @param settings what the stage depends on beside the episodes and the earlier M */
    public Memory(Preset preset, Path work, String name, Map<String, String> settings, NDManager manager, Encodings encodings, Plan plan) {
        this.settings = Settings.of(preset, MemorySettings.class);
        this.seed = preset.integer("seed");
        this.manager = manager;
        this.encodings = encodings;
        this.plan = plan;
        List<Stage> inputs = new ArrayList<>(List.of(encodings.stage()));
        plan.earlier.ifPresent(before -> inputs.add(before.stage));
        this.stage = new Stage(work, name, settings, inputs);
    }

    public Stage stage() {
        return stage;
    }

    /** To the end, or loaded. */
    public TrainedMemory trained(Progress progress) {
        if (trained == null && plan.epochs == 0) {
            stage.complete(folder -> Map.of("trained", "false"));
            trained = new TrainedMemory(blank(), LearningCurve.EMPTY, stage);
        } else if (trained == null) {
            if (!stage.isFinished()) {
                Split<LatentEpisode> episodes = encodings.rollouts().split(encodings.episodes(progress).stream().map(plan.as).toList());
                stage.complete(folder -> TrainedVision.facts(train(episodes, folder.resolve(FILE), progress)));
            }
            Path file = stage.file(FILE);
            trained = new TrainedMemory(MdnRnn.load(manager, plan.shape, file), LearningCurve.of(file), stage);
        }
        return trained;
    }

    private LearningCurve train(Split<LatentEpisode> episodes, Path file, Progress progress) {
        // A kept M has no optimiser beside it, so Adam begins anew where one goes on: from a kept M or from one just trained, the round is the same.
        try (MdnRnn model = first(progress);
                MdnRnnLearner learner = new MdnRnnLearner(model, shown(episodes.train(), encodings.rollouts().trainedBefore(), plan.recent), episodes.validation(),
                        plan.how.apply(settings.training(plan.epochs, Seeds.named(seed, "memory training"))))) {
            return new Training(learner, learner.rhythm(), file).run(progress);
        }
    }

    /**
     * All episodes, the last round's own so often that they have their share of the frames.
     *
     * @param before how many are of the rounds before
     */
    static List<LatentEpisode> shown(List<LatentEpisode> episodes, int before, double recent) {
        List<LatentEpisode> own = episodes.subList(before, episodes.size());
        long once = frames(own);
        List<LatentEpisode> shown = new ArrayList<>(episodes);
        for (long all = frames(episodes), of = once; of < recent * all; all += once, of += once) {
            shown.addAll(own);
        }
        return shown;
    }

    private static long frames(List<LatentEpisode> episodes) {
        return episodes.stream().mapToLong(LatentEpisode::frames).sum();
    }

    private MdnRnn first(Progress progress) {
        return plan.earlier.map(before -> MdnRnn.load(manager, plan.shape, before.trained(progress).stage().file(FILE))).orElseGet(this::blank);
    }

    private MdnRnn blank() {
        return new MdnRnn(manager, plan.shape, Seeds.named(seed, "memory"));
    }
}
