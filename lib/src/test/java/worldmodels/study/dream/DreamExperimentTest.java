package worldmodels.study.dream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import worldmodels.agent.Agent;
import worldmodels.data.EpisodeStore;
import worldmodels.data.StoredEpisode;
import worldmodels.dream.Beginnings;
import worldmodels.dream.Dream;
import worldmodels.dream.DreamSettings;
import worldmodels.env.Environment;
import worldmodels.env.carracing.CarRacing;
import worldmodels.evaluation.Evaluation;
import worldmodels.evaluation.TrackSeeds;
import worldmodels.memory.LatentEpisode;
import worldmodels.memory.MdnRnn;
import worldmodels.report.KeptStages;
import worldmodels.report.Reevaluated;
import worldmodels.report.ResultTable;
import worldmodels.report.ResultsFolder;
import worldmodels.run.KitException;
import worldmodels.run.Preset;
import worldmodels.run.Progress;
import worldmodels.run.Provenance;
import worldmodels.run.Stage;
import worldmodels.study.Made;
import worldmodels.study.carracing.CarRacingExperiment;
import worldmodels.study.carracing.Drive;
import worldmodels.study.carracing.RoundTraining;
import worldmodels.study.dream.DreamExperiment.Outcome;

/** Training in the dream, as small as it gets. */
@Tag("slow")
class DreamExperimentTest {

    private static final Preset TINY = Preset.named("smoke")
            .with("rollouts.episodes", "4").with("rollouts.steps", "80").with("rollouts.validation", "1")
            .with("vision.batch", "20").with("vision.epochs", "1")
            .with("memory.batch", "2").with("memory.sequence", "19").with("memory.epochs", "2")
            .with("evolution.population", "4").with("evolution.selectionTracks", "1").with("evaluation.tracks", "2")
            .with("dream.temperatures", "0.5, 1.15").with("dream.horizon", "30").with("dream.generations", "2").with("dream.rollouts", "2")
            .with("dream.selectionEvery", "1").with("dream.selectionDreams", "3");

    @TempDir
    Path work;

    private static int generations(DreamExperiment round) {
        return round.controller(1.0, Progress.NONE).history().size();
    }

    @Test
    void eachTemperatureIsTriedInItsDreamAndInReality() {
        try (CarRacingExperiment real = CarRacingExperiment.open(TINY, work.resolve("one"))) {
            DreamExperiment dreams = new DreamExperiment(real);
            List<Outcome> outcomes = List.copyOf(dreams.outcomes(Progress.NONE).values());
            assertEquals(List.of(0.5, 1.15), outcomes.stream().map(Outcome::temperature).toList());
            for (Outcome outcome : outcomes) {
                assertTrue(outcome.inDream().episodes().stream().allMatch(e -> e.steps() <= 30), "the horizon ends a dream");
                assertEquals(2, outcome.inReality().episodes().size());
                assertTrue(outcome.inReality().episodes().stream().allMatch(e -> TrackSeeds.of(e.track()) == TrackSeeds.TEST));
                assertEquals(1, outcome.onSelection().episodes().size());
            }
            DreamExperiment.Earned earned = dreams.earned(1.15, Progress.NONE);
            assertEquals(30, earned.inDream().length);
            Evaluation whole = real.drive(dreams.agent(1.15, Progress.NONE), 1, TrackSeeds.SELECT.first(16), Progress.NONE);
            assertEquals(whole.summary().mean(), earned.inReality()[earned.inReality().length - 1], 1e-6, "what is earned in the end is the score");
            assertTrue(outcomes.contains(dreams.chosen(Progress.NONE)));
            assertTrue(dreams.check(Progress.NONE).reward().overall().count() > 0);
            assertEquals(Made.by(outcomes.getLast().stages().getFirst()), madeByAnother(), "the same settings give the same dreams");
        }
    }

    @Test
    void chainsStandTogetherInEveryRow() {
        Preset two = TINY.with("chains", "2").with("dream.temperatures", "1.0").with("rounds.count", "2").with("rounds.episodes", "2").with("rounds.steps", "70")
                .with("rounds.memoryEpochs", "1").with("rounds.generations", "1");
        try (CarRacingExperiment real = CarRacingExperiment.open(two, work); IterativeTraining training = new IterativeTraining(real)) {
            Outcome outcome = new DreamExperiment(real).outcomes(Progress.NONE).get(1.0);
            assertEquals(2, outcome.inReality().summary().k());
            assertEquals(List.of(1L, 2L), outcome.inReality().episodes().stream().map(e -> e.run()).distinct().toList(), "an episode's run is its chain");
            SortedMap<Long, List<IterativeTraining.Round>> chains = training.ofChains(Progress.NONE);
            assertEquals(outcome.stages(), chains.values().stream().flatMap(rounds -> rounds.getFirst().outcome().stages().stream()).toList(),
                    "the first round is the dream of that temperature");
            ResultTable table = DreamTables.rounds(chains, two);
            List<String> choices = chains.entrySet().stream().map(chain -> "chain " + chain.getKey() + ", round " + IterativeTraining.chosen(chain.getValue()).number()).toList();
            assertEquals(Stream.of(List.of("1", "2"), choices, List.of("each chain's choice")).flatMap(List::stream).toList(), table.shown().stringColumn(0).asList());
            assertEquals(2, IterativeTraining.chosen(chains).inReality().summary().k());
            Stage[] ends = chains.values().stream().flatMap(List::stream).flatMap(round -> round.outcome().stages().stream()).toArray(Stage[]::new);
            ResultsFolder results = new ResultsFolder(work.resolve("results"));
            results.keepOnly(Provenance.of(two, ends), training.worthKeeping(chains));
            List<Reevaluated> again = IterativeTraining.driveAgain(two, results.stages(), work.resolve("scratch"), Progress.NONE);
            assertEquals(List.of("dream at 1.0", "dream, chosen rounds"), again.stream().map(Reevaluated::agent).toList());
            assertEquals(List.of(4, 4), again.stream().map(row -> row.kept().episodes().size()).toList(), "of both chains");
            assertEquals(IterativeTraining.chosen(chains).inReality(), again.getLast().kept());
            assertTrue(again.stream().allMatch(Reevaluated::isIdentical), again::toString);
            assertTheTableIsMadeOf(results.stages(), two, training.worthKeeping(chains), table);
            assertAKeptAgentDrives(results.stages(), two, new DreamExperiment(real).agent(1.0, Progress.NONE));
            DreamExperiment.Circling circling = new DreamExperiment(real).circling(1.0, Progress.NONE);
            assertTrue(Stream.of(circling.inDream(), circling.inReality()).flatMap(where -> where.episodes().stream()).allMatch(e -> e.steps() <= 30),
                    "both over the dream's horizon");
        }
    }

    /** In a new work folder, with no episode recorded: a dream can begin with what the agent sees on a track. */
    private void assertAKeptAgentDrives(Path kept, Preset preset, Agent trained) {
        try (CarRacingExperiment elsewhere = CarRacingExperiment.open(preset, work.resolve("elsewhere")); Environment car = elsewhere.environment(20)) {
            DreamExperiment dreams = new DreamExperiment(elsewhere);
            assertFalse(dreams.takeKept(1.3, kept), "no C of this temperature is kept");
            assertFalse(dreams.real().visionStage().isFinished(), "then nothing is taken");
            assertTrue(dreams.takeKept(1.0, kept));
            Agent agent = dreams.agent(1.0, Progress.NONE);
            assertArrayEquals(trained.parameters(), agent.parameters());
            Drive drive = Drive.of(agent, car, TrackSeeds.SELECT.seed(0), 20);
            LatentEpisode seen = drive.asSeen();
            assertEquals(20, seen.frames());
            assertArrayEquals(drive.latents()[7], seen.mean(7), 0.01f, "z, to half precision");
            assertEquals(drive.rewards()[7], seen.reward(7), 1e-6);
            assertEquals(drive.actions()[7][1], seen.action(7)[1], 1e-6);
            Dream dream = new Dream(dreams.memory(Progress.NONE).model(), Beginnings.firstFrames(List.of(seen)), DreamSettings.carRacing(1, 30), CarRacing.ACTIONS, 1);
            ByteBuffer observation = dream.newObservations();
            dream.reset(new boolean[] {true}, new long[] {3}, observation);
            float[] z = new float[dream.latent()];
            observation.clear().asFloatBuffer().get(z);
            assertArrayEquals(drive.latents()[0], z, 0.01f, "the dream begins where the drive does");
        }
    }

    /** What came of the rounds is enough, in a new work folder: neither V nor M has to be there, and no episode. */
    private void assertTheTableIsMadeOf(Path kept, Preset preset, Set<Stage> stages, ResultTable table) {
        Path fresh = work.resolve("fresh");
        stages.stream().filter(stage -> stage.name().matches("dream-(evaluation|round).*")).forEach(stage -> KeptStages.putBack(stage.in(fresh), kept));
        try (CarRacingExperiment real = CarRacingExperiment.open(preset, fresh); IterativeTraining training = new IterativeTraining(real)) {
            assertEquals(table.csv(), DreamTables.rounds(training.ofChains(Progress.NONE), preset).csv());
            assertTrue(Files.notExists(real.rollouts().folder()), "nothing is recorded");
        }
    }

    private SortedMap<String, String> madeByAnother() {
        try (CarRacingExperiment real = CarRacingExperiment.open(TINY, work.resolve("other"))) {
            return Made.by(new DreamExperiment(real).outcomes(Progress.NONE).get(1.15).stages().getFirst());
        }
    }

    @ParameterizedTest
    @EnumSource
    void eachRoundLearnsFromItsAgentsEpisodesAndAllBefore(RoundTraining how) {
        Preset rounds = TINY.with("rounds.count", "3").with("rounds.episodes", "2").with("rounds.steps", "70").with("rounds.training", how.name())
                .with("rounds.memoryEpochs", "1").with("rounds.generations", "1");
        try (CarRacingExperiment real = CarRacingExperiment.open(rounds, work); IterativeTraining training = new IterativeTraining(real)) {
            List<IterativeTraining.Round> all = training.run(Progress.NONE);
            assertEquals(List.of(1, 2, 3), all.stream().map(IterativeTraining.Round::number).toList());
            assertEquals(List.of(4, 2, 2), all.stream().map(IterativeTraining.Round::recorded).toList());
            assertTrue(all.get(2).frames() > all.get(1).frames() && all.get(1).frames() > all.get(0).frames(), all.toString());
            EpisodeStore last = training.experiments().getLast().real().episodes(Progress.NONE);
            assertEquals(8, last.episodes().size());
            assertEquals(8, last.episodes().stream().map(StoredEpisode::seed).distinct().count(), "no track twice");
            assertEquals(8, training.experiments().getLast().real().encoded(Progress.NONE).size());
            for (IterativeTraining.Round round : all) {
                assertTrue(round.tileShare() >= 0 && round.tileShare() < 1 && Double.isFinite(round.surprise()), round.toString());
            }
            SortedMap<String, String> lineage = all.get(2).outcome().stages().getFirst().lineage();
            assertTrue(lineage.containsKey("rollouts-2.manifest.csv"), "the lineage goes back through the rounds");
            assertTrue(lineage.containsKey("dream-memory-2.memory.safetensors") && lineage.containsKey("dream-controller-1-00-3.controller.safetensors"), lineage.toString());
            assertEquals(how == RoundTraining.CONTINUED ? 3 : 1, training.experiments().stream().map(round -> round.controller(1.0, Progress.NONE).seed()).distinct().count(),
                    "a search that goes on draws other weights and dreams");
            boolean continued = how == RoundTraining.CONTINUED;
            assertEquals(continued, !lineage.containsKey("vision-2.vision.safetensors"), "V stays where a round goes on");
            assertEquals(continued ? 1 : 2, generations(training.experiments().get(1)));
            List<LatentEpisode> kept = training.experiments().getLast().real().split(training.experiments().getLast().real().encoded(Progress.NONE)).validation();
            assertEquals(3, kept.size(), "of each round's episodes one");
        }
    }

    @Test
    void aDriverLetsGoOfTheWheelAtTheSameMomentsInDreamAndReality() {
        Preset straight = TINY.with("rollouts.steps", "70");
        try (CarRacingExperiment real = CarRacingExperiment.open(straight, work)) {
            DreamExperiment dreams = new DreamExperiment(real);
            StraightOn letGo = dreams.straightOn(1.0, Progress.NONE);
            assertEquals(StraightOn.STEPS, letGo.inDream().length);
            assertTrue(DoubleStream.concat(Arrays.stream(letGo.inDream()), Arrays.stream(letGo.inReality())).allMatch(reward -> reward >= -0.1 - 1e-9 && reward < 9));
            StraightOn hotter = dreams.straightOn(3.0, Progress.NONE);
            assertArrayEquals(letGo.inReality(), hotter.inReality(), "reality has no temperature");
            assertNotEquals(Arrays.toString(letGo.inDream()), Arrays.toString(hotter.inDream()));
            List<StoredEpisode> others = real.episodes(Progress.NONE).own().reversed();
            MdnRnn memory = dreams.memory(Progress.NONE).model();
            KitException e = assertThrows(KitException.class,
                    () -> StraightOn.of(real.version(), memory, others, real.encoded(Progress.NONE), 1, 0.1f, Progress.NONE));
            assertTrue(e.getMessage().contains("does not go as recorded"), e.getMessage());
            List<StoredEpisode> own = real.episodes(Progress.NONE).own();
            List<LatentEpisode> late = real.encoded(Progress.NONE).stream().map(DreamExperimentTest::withATileAStepLater).toList();
            assertArrayEquals(letGo.inReality(), StraightOn.of(real.version(), memory, own, late, 1, 0.1f, Progress.NONE).inReality(),
                    "kept in 32 bits, an action may bring a tile a step early");
        }
    }

    private static LatentEpisode withATileAStepLater(LatentEpisode episode) {
        int steps = episode.frames();
        float[] mean = new float[steps * episode.latent()];
        float[] logVariance = new float[mean.length];
        float[] action = new float[steps * episode.actions()];
        float[] reward = new float[steps];
        for (int t = 0; t < steps; t++) {
            reward[t] = episode.reward(t);
            for (int d = 0; d < episode.latent(); d++) {
                mean[t * episode.latent() + d] = episode.mean(t, d);
                logVariance[t * episode.latent() + d] = episode.logVariance(t, d);
            }
            for (int part = 0; part < episode.actions(); part++) {
                action[t * episode.actions() + part] = episode.action(t, part);
            }
        }
        int first = IntStream.range(1, steps - 1).filter(t -> reward[t] > 0).findFirst().orElseThrow();         // it stands on several at once
        float tile = reward[first] + 0.1f;
        reward[first] -= tile;
        reward[first + 1] += tile;
        return new LatentEpisode(episode.latent(), mean, logVariance, action, reward, false);
    }

    @Test
    void anExplorerThatSeeksSurpriseRecordsForTheNextRound() {
        Preset curious = TINY.with("rounds.count", "2").with("rounds.episodes", "2").with("rounds.steps", "70").with("rounds.training", "CONTINUED")
                .with("rounds.memoryEpochs", "1").with("rounds.generations", "1").with("rounds.patience", "0").with("rounds.curiosity", "5");
        try (CarRacingExperiment real = CarRacingExperiment.open(curious, work); IterativeTraining training = new IterativeTraining(real)) {
            SortedMap<String, String> lineage = training.run(Progress.NONE).getLast().outcome().stages().getFirst().lineage();
            assertNotEquals(lineage.get("dream-controller-1-00.controller.safetensors"), lineage.get("dream-explorer-1-00.controller.safetensors"), lineage.toString());
            Agent explorer = training.experiments().getFirst().drivers(1.0, Progress.NONE).getFirst();
            EpisodeStore second = training.experiments().getLast().real().episodes(Progress.NONE);
            StoredEpisode quiet = second.own().stream().filter(e -> e.seed() % 2 == 0).findFirst().orElseThrow();
            try (Environment car = real.environment(70)) {
                Drive again = Drive.of(explorer, car, quiet.seed(), 70);
                assertEquals(quiet.episodeReturn(), again.score(), 1e-9, "the explorer drove it");
            }
        }
    }

    @Test
    void differentDriversRecordByTurns() {
        Preset mixed = TINY.with("rounds.count", "3").with("rounds.episodes", "8").with("rounds.steps", "40").with("rounds.training", "CONTINUED")
                .with("rounds.memoryEpochs", "1").with("rounds.generations", "1").with("rounds.drivers", "MIXED").with("rounds.patience", "0");
        try (CarRacingExperiment real = CarRacingExperiment.open(mixed, work); IterativeTraining training = new IterativeTraining(real)) {
            List<DreamExperiment> rounds = training.experiments();
            List<Agent> drivers = rounds.get(1).drivers(1.0, Progress.NONE);
            double[] agent = rounds.get(1).agent(1.0, Progress.NONE).parameters();
            assertArrayEquals(agent, drivers.get(0).parameters());
            assertArrayEquals(agent, drivers.get(1).parameters());
            assertArrayEquals(rounds.get(0).agent(1.0, Progress.NONE).parameters(), drivers.get(2).parameters(), "the one before");
            double spread = IntStream.range(0, agent.length).mapToDouble(i -> drivers.get(3).parameters()[i] - agent[i]).map(d -> d * d).average().orElseThrow();
            assertEquals(0.1, Math.sqrt(spread), 0.01, "rounds.sigma");
            StoredEpisode sampled = rounds.get(2).real().episodes(Progress.NONE).own().stream().filter(e -> e.seed() % 2 == 0).findFirst().orElseThrow();
            try (Environment car = real.environment(40)) {
                Drive again = Drive.of(drivers.get((int) (sampled.seed() - 12) % 4), car, sampled.seed(), 40);
                assertEquals(sampled.episodeReturn(), again.score(), 1e-9, "without noise, by the driver whose turn it was");
            }
        }
    }

    @Test
    void temperaturesThatAreNoNumbersAreRefused() {
        try (CarRacingExperiment real = CarRacingExperiment.open(TINY.with("dream.temperatures", "warm"), work)) {
            KitException wrong = assertThrows(KitException.class, () -> new DreamExperiment(real).temperatures());
            assertTrue(wrong.getMessage().contains("dream.temperatures"), wrong.getMessage());
        }
    }
}
