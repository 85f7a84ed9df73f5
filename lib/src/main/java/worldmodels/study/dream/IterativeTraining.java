package worldmodels.study.dream;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import worldmodels.data.StoredEpisode;
import worldmodels.dream.DreamSettings;
import worldmodels.memory.LatentEpisode;
import worldmodels.report.Reevaluated;
import worldmodels.run.Preset;
import worldmodels.run.Progress;
import worldmodels.run.Settings;
import worldmodels.run.Stage;
import worldmodels.study.carracing.CarRacingExperiment;
import worldmodels.study.carracing.RoundSettings;
import worldmodels.study.carracing.RoundTraining;

/**
 * Iterative training (Ha and Schmidhuber 2018, section 5): what random driving never meets, a driver meets all the time. So each round's agent, which
 * was trained in its M's dream, records episodes, every second one with noise on its actions; M is trained on everything so far, and C in the new dream
 * ({@link RoundTraining}). With {@code rounds.curiosity} above 0 an explorer records instead, which is rewarded for surprising M as well.
 */
public final class IterativeTraining implements AutoCloseable {

    private static final String RECORDED = "recorded";
    private static final String FRAMES = "frames";
    private static final String TILE_SHARE = "tileShare";
    private static final String SURPRISE = "surprise";
    private static final double TILES = 1000;
    private static final double STEP = -0.1;

    private final CarRacingExperiment first;
    private final RoundSettings settings;
    private final List<DreamExperiment> rounds = new ArrayList<>();

    /**
     * One round.
     *
     * @param number    1 is random driving
     * @param recorded  episodes that were recorded for it
     * @param frames    that V and M learned from, all rounds' together
     * @param tileShare of the road that the recorded episodes covered, their mean
     * @param surprise  of M on unseen episodes of this round's recording, nats for each active number of z
     * @param outcome   C in its dream and in reality
     */
    public record Round(int number, int recorded, long frames, double tileShare, double surprise, DreamExperiment.Outcome outcome) {}

    /** @param first whose episodes are the exploration policy's; the caller closes it */
    public IterativeTraining(CarRacingExperiment first) {
        this.first = first;
        rounds.add(new DreamExperiment(first));
        this.settings = Settings.of(first.preset(), RoundSettings.class);
        for (int number = 2; number <= settings.count(); number++) {
            rounds.add(rounds.getLast().next(temperature()));
        }
    }

    /** Of every round's dream. */
    public double temperature() {
        return settings.temperature();
    }

    /** The experiment of each round, for what is looked at beside the table. */
    public List<DreamExperiment> experiments() {
        return List.copyOf(rounds);
    }

    /** The rounds of every chain, by the chain's seed; each goes its own way, and this one's experiments are {@link #experiments}. */
    public SortedMap<Long, List<Round>> ofChains(Progress progress) {
        SortedMap<Long, List<Round>> all = new TreeMap<>();
        eachChain(chain -> all.put(seed(chain.first), chain.run(progress)));
        return all;
    }

    private void eachChain(Consumer<IterativeTraining> look) {
        for (CarRacingExperiment chain : first.chains()) {
            if (chain == first) {
                look.accept(this);
            } else {
                try (IterativeTraining other = new IterativeTraining(chain)) {
                    look.accept(other);
                }
            }
        }
    }

    private static long seed(CarRacingExperiment chain) {
        return chain.preset().integer("seed");
    }

    /** Every round of this chain, one after the other, to its end. */
    public List<Round> run(Progress progress) {
        return rounds.stream().map(round -> round(round, progress)).toList();
    }

    /** A chain's round whose agent does best on the selection tracks; later is not always better. */
    public static Round chosen(List<Round> rounds) {
        return rounds.stream().max(Comparator.comparingDouble(round -> round.outcome().onSelection().summary().mean())).orElseThrow();
    }

    /** What the chains' chosen rounds are worth, together. */
    public static DreamExperiment.Outcome chosen(SortedMap<Long, List<Round>> chains) {
        return DreamExperiment.Outcome.together(chains.values().stream().map(rounds -> chosen(rounds).outcome()).toList());
    }

    /**
     * The round of this chain that kept selection tracks choose, with its agent as it is kept in place of training it.
     *
     * @param kept the folder with a folder for each kept stage
     * @return empty if no round of these settings is kept, or not all of its agent
     */
    public Optional<DreamExperiment> chosenOfKept(Path kept) {
        return chosenOf(kept).filter(round -> round.takeKept(temperature(), kept));
    }

    /** What came of every round of every chain. */
    public List<Stage> stages() {
        List<Stage> stages = new ArrayList<>();
        eachChain(chain -> chain.rounds.forEach(round -> stages.add(chain.stage(round))));
        return stages;
    }

    /**
     * What is worth keeping: what came of every round, V, M and C of the first round and of the one that was chosen, and all of this chain, whose last
     * round is looked at.
     */
    public Set<Stage> worthKeeping(SortedMap<Long, List<Round>> chains) {
        Set<Stage> stages = new LinkedHashSet<>();
        rounds.forEach(round -> stages.addAll(stage(round).ancestry()));
        eachChain(chain -> {
            DreamExperiment chosen = chain.rounds.get(chosen(chains.get(seed(chain.first))).number - 1);
            stages.addAll(chain.rounds.getFirst().agentStages(temperature()));
            stages.addAll(chosen.agentStages(temperature()));
            chain.rounds.forEach(round -> stages.addAll(List.of(round.evaluationStage(temperature()), chain.stage(round))));
        });
        return stages;
    }

    /**
     * The kept agents of every temperature, and of each chain's chosen round, on the test tracks again, without training.
     *
     * @param kept    the folder with a folder for each kept stage; a row that is not there is left out
     * @param scratch an empty folder to work in
     */
    public static List<Reevaluated> driveAgain(Preset preset, Path kept, Path scratch, Progress progress) {
        List<Reevaluated> rows = new ArrayList<>();
        try (CarRacingExperiment real = CarRacingExperiment.open(preset, scratch)) {
            DreamExperiment dreams = new DreamExperiment(real);
            for (double temperature : dreams.temperatures()) {
                DreamExperiment.driveAgain("dream at " + temperature, dreams.chains(), temperature, kept, progress).ifPresent(rows::add);
            }
            List<IterativeTraining> chains = real.chains().stream().map(IterativeTraining::new).toList();
            try {
                DreamExperiment.driveAgain("dream, chosen rounds", chains.stream().map(chain -> chain.chosenOf(kept).orElse(chain.rounds.getFirst())).toList(), chains.getFirst().temperature(),
                        kept, progress).ifPresent(rows::add);
            } finally {
                chains.forEach(IterativeTraining::close);
            }
        }
        return rows;
    }

    private Optional<DreamExperiment> chosenOf(Path kept) {
        return rounds.stream().filter(round -> round.evaluationStage(temperature()).in(kept).isFinished())
                .max(Comparator.comparingDouble(round -> DreamExperiment.onSelection(round.evaluationStage(temperature()).in(kept)).summary().mean()));
    }

    private Round round(DreamExperiment round, Progress progress) {
        DreamExperiment.Outcome outcome = round.outcome(temperature(), progress);
        Stage stage = stage(round);
        if (!stage.isFinished()) {
            look(round, stage, progress);
        }
        SortedMap<String, String> facts = stage.facts();
        return new Round(round.real().round(), Integer.parseInt(facts.get(RECORDED)), Long.parseLong(facts.get(FRAMES)), Double.parseDouble(facts.get(TILE_SHARE)),
                Double.parseDouble(facts.get(SURPRISE)), outcome);
    }

    /** What a round's recordings are, and M makes of them: it is remembered, since the recordings are not kept. */
    private Stage stage(DreamExperiment round) {
        return round.real().stage("dream-round", Map.of(), List.of(round.evaluationStage(temperature())));
    }

    private static void look(DreamExperiment round, Stage stage, Progress progress) {
        CarRacingExperiment real = round.real();
        List<StoredEpisode> all = real.episodes(progress).episodes();
        List<StoredEpisode> own = real.episodes(progress).own();
        double surprise = round.surprise(unseen(real, own.size(), progress), progress);
        double tileShare = own.stream().mapToDouble(IterativeTraining::tileShare).average().orElseThrow();
        stage.complete(folder -> Map.of(RECORDED, String.valueOf(own.size()), FRAMES, String.valueOf(all.stream().mapToLong(StoredEpisode::length).sum()),
                TILE_SHARE, String.valueOf(tileShare), SURPRISE, String.valueOf(surprise)));
    }

    /** Validation episodes of this round's own; where there are none, of any round. */
    private static List<LatentEpisode> unseen(CarRacingExperiment real, int own, Progress progress) {
        List<LatentEpisode> encoded = real.encoded(progress);
        List<LatentEpisode> validation = real.split(encoded).validation();
        List<LatentEpisode> fresh = validation.stream().filter(encoded.subList(encoded.size() - own, encoded.size())::contains).toList();
        return fresh.isEmpty() ? validation : fresh;
    }

    /** Each tile of a road brings 1000 / N, each step costs 0.1, the end beyond the field 100; who has all tiles has not left it. */
    static double tileShare(StoredEpisode episode) {
        double tiles = episode.episodeReturn() - STEP * episode.length();
        boolean hasLeft = episode.terminated() && tiles < TILES - 1;
        return (hasLeft ? tiles - DreamSettings.LEFT_THE_FIELD : tiles) / TILES;
    }

    @Override
    public void close() {
        rounds.reversed().stream().map(DreamExperiment::real).filter(real -> real != first).forEach(CarRacingExperiment::close);
    }
}
