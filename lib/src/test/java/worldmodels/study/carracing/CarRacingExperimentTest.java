package worldmodels.study.carracing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import worldmodels.agent.LatentChoice;
import worldmodels.controller.Features;
import worldmodels.data.EpisodeJob;
import worldmodels.data.EpisodeResult;
import worldmodels.data.EpisodeStore;
import worldmodels.data.StoredEpisode;
import worldmodels.evaluation.Evaluation;
import worldmodels.evaluation.RandomConvolutions;
import worldmodels.evaluation.TestEpisode;
import worldmodels.memory.LatentEpisode;
import worldmodels.nn.LearningCurve;
import worldmodels.report.Reevaluated;
import worldmodels.report.ResultsFolder;
import worldmodels.run.KitException;
import worldmodels.run.Preset;
import worldmodels.run.Progress;
import worldmodels.run.Provenance;
import worldmodels.run.Stage;
import worldmodels.run.StoppedException;
import worldmodels.study.Made;
import worldmodels.study.thesis.VisionComparison;

/** The whole experiment, as small as it gets: real environment, real networks, a few steps each. */
@Tag("slow")
class CarRacingExperimentTest {

    private static final Preset TINY = Preset.named("smoke")
            .with("rollouts.episodes", "4").with("rollouts.steps", "60").with("rollouts.validation", "1")
            .with("vision.batch", "20").with("vision.epochs", "1")
            .with("memory.batch", "2").with("memory.sequence", "19").with("memory.epochs", "2")
            .with("evolution.population", "4").with("evolution.rollouts", "1").with("evolution.generations", "2")
            .with("evolution.steps", "20").with("evolution.selectionEvery", "1").with("evolution.selectionTracks", "2")
            .with("evaluation.tracks", "2");

    @TempDir
    Path work;

    @Test
    void interruptedStagesEndAsUninterruptedOnes() {
        SortedMap<String, String> whole;
        try (CarRacingExperiment experiment = CarRacingExperiment.open(TINY, work.resolve("whole"))) {
            whole = Made.by(experiment.controller(Features.Z_H, Progress.NONE).stage());
        }
        // Each attempt is interrupted a little later, until one gets through: every stage is stopped several times.
        int attempts = 0;
        SortedMap<String, String> resumed = null;
        while (resumed == null) {
            int patience = 2 + attempts++ / 3;
            try (CarRacingExperiment experiment = CarRacingExperiment.open(TINY, work.resolve("resumed"))) {
                resumed = Made.by(experiment.controller(Features.Z_H, new Impatient(patience)).stage());
            } catch (StoppedException e) {
                assertTrue(attempts < 200, "the experiment makes no headway");
            }
        }
        assertTrue(attempts > 4, "only " + attempts + " interruptions");
        assertEquals(whole, resumed);
    }

    @Test
    void aSecondRunLoadsWhatTheFirstOneFinished() {
        Evaluation first = evaluation(Progress.NONE);
        assertEquals(2, first.episodes().size());
        assertEquals(first, evaluation(new Impatient(1) {
            @Override
            public void start(String work, long total, String unit) {
                throw new AssertionError(work + " is done again");
            }
        }));
    }

    private Evaluation evaluation(Progress progress) {
        try (CarRacingExperiment experiment = CarRacingExperiment.open(TINY, work)) {
            return experiment.evaluation(Features.Z, progress);
        }
    }

    @Test
    void keptStagesDriveTheTestTracksToTheSameScoresWithoutTraining() throws IOException {
        Preset twoChains = TINY.with("chains", "2").with("evaluation.rows", "Z, Z_HIDDEN, Z_H");
        ResultsFolder results = new ResultsFolder(work.resolve("results"));
        Path scratch = work.resolve("scratch");
        try (CarRacingExperiment experiment = CarRacingExperiment.open(twoChains, work)) {
            for (Features features : Features.values()) {
                experiment.evaluation(features, Progress.NONE);
                Stage[] ends = experiment.evaluationStages(features).toArray(Stage[]::new);
                results.keep(Provenance.of(twoChains, ends), ends);
            }
            String besideM = Files.readString(results.stages().resolve(experiment.memoryStage().folder().getFileName()).resolve("stage.provenance.json"));
            assertTrue(besideM.contains("\"vision.key\"") && !besideM.contains("\"evaluation-z"), "the lineage of M, not of what stands on it: " + besideM);
        }
        List<Reevaluated> rows = Reevaluation.driveAgain(twoChains, results.stages(), scratch, Progress.NONE);
        assertEquals(List.of(4, 4, 4), rows.stream().map(row -> row.kept().episodes().size()).toList());
        assertTrue(rows.stream().allMatch(Reevaluated::isIdentical), rows::toString);
        assertTrue(Files.notExists(CarRacingExperiment.open(twoChains, scratch).rollouts().folder()), "nothing is recorded again");
        List<Reevaluated> others = Reevaluation.driveAgain(twoChains.with("memory.epochs", "3"), results.stages(), work.resolve("other"), Progress.NONE);
        assertEquals(List.of(Features.Z.label(), Features.Z_HIDDEN.label()), others.stream().map(Reevaluated::agent).toList(), "those that know no M");
    }

    @Test
    void aChainSharesNothingWithAnotherButTheTestTracks() {
        try (CarRacingExperiment experiment = CarRacingExperiment.open(TINY.with("chains", "3"), work);
                CarRacingExperiment alone = CarRacingExperiment.open(TINY, work);
                CarRacingExperiment third = CarRacingExperiment.open(TINY.with("seed", "3"), work)) {
            assertSame(experiment, experiment.chains().getFirst());
            List<Stage> stages = experiment.evaluationStages(Features.Z_H);
            assertEquals(3, stages.size());
            assertEquals(alone.evaluationStages(Features.Z_H).getFirst(), stages.getFirst(), "how many there are changes none of them");
            assertEquals(third.evaluationStages(Features.Z_H).getFirst(), stages.getLast(), "each is the preset with another seed");
            assertEquals(List.of(stages.getLast()), experiment.chains().getLast().evaluationStages(Features.Z_H), "one of them speaks for itself alone");
            List<Stage> all = stages.stream().flatMap(stage -> stage.ancestry().stream()).toList();
            assertEquals(all.size(), Set.copyOf(all).size(), "rollouts, V, M and C of each are its own");
            Evaluation evaluation = experiment.evaluation(Features.Z, Progress.NONE);
            assertEquals(List.of(1L, 1L, 2L, 2L, 3L, 3L), evaluation.episodes().stream().map(TestEpisode::run).toList());
            assertEquals(2, evaluation.episodes().stream().map(TestEpisode::track).distinct().count());
            List<StoredEpisode> recorded = experiment.chains().stream().flatMap(chain -> chain.episodes(Progress.NONE).episodes().stream()).toList();
            assertEquals(recorded.size(), recorded.stream().map(StoredEpisode::content).distinct().count(), "no frame that one learns from is another's");
        }
    }

    @Test
    void keptWeightsHaveNoOptimiserAndTheSameCurve() throws IOException {
        ResultsFolder results = new ResultsFolder(work.resolve("results"));
        try (CarRacingExperiment experiment = CarRacingExperiment.open(TINY, work)) {
            TrainedMemory memory = experiment.memory(Progress.NONE);
            results.keep(Provenance.of(TINY, memory.stage()), memory.stage());
            Path whole = memory.stage().folder().resolve("memory.safetensors");
            Path kept = results.stages().resolve(memory.stage().folder().getFileName()).resolve("memory.safetensors");
            assertTrue(Files.size(kept) < 0.4 * Files.size(whole), "two figures of Adam for each weight are gone");
            assertEquals(memory.curve(), LearningCurve.of(kept));
            assertTrue(!memory.curve().points().isEmpty());
            assertEquals(memory.curve().last().validation(), memory.validationLoss());
            Path provenance = kept.resolveSibling("stage.provenance.json");
            String first = Files.readString(provenance);
            Provenance later = Provenance.of(TINY.with("env.hud", "true"), memory.stage());
            results.keep(later, memory.stage());
            assertEquals(first, Files.readString(provenance), "what is kept already stays");
            Files.writeString(kept, "damaged");
            results.keep(later, memory.stage());
            assertEquals(memory.curve(), LearningCurve.of(kept));
        }
    }

    @Test
    void theUntrainedMemoryAndTheDashboardAreOtherStages() {
        try (CarRacingExperiment plain = CarRacingExperiment.open(TINY, work);
                CarRacingExperiment untrained = CarRacingExperiment.open(TINY.with("memory.trained", "false"), work);
                CarRacingExperiment dashboard = CarRacingExperiment.open(TINY.with("env.hud", "true"), work)) {
            String key = plain.evaluationStages(Features.Z_H).getFirst().key();
            assertTrue(!key.equals(untrained.evaluationStages(Features.Z_H).getFirst().key()));
            assertTrue(!key.equals(dashboard.evaluationStages(Features.Z_H).getFirst().key()));
            assertEquals(plain.evaluationStages(Features.Z), untrained.evaluationStages(Features.Z), "C on z alone needs no M");
            assertTrue(untrained.memory(Progress.NONE).curve().points().isEmpty());
        }
    }

    @Test
    void keptWeightsAreTriedInAnotherWayOfActingWithoutTrainingAgain() {
        try (CarRacingExperiment experiment = CarRacingExperiment.open(TINY, work)) {
            Evaluation sampled = experiment.evaluation(Features.Z, Progress.NONE);
            assertEquals(sampled, experiment.evaluation(Features.Z, new Driving(LatentChoice.SAMPLED), new Untrained()), "as it was trained: the same stage");
            Evaluation mean = experiment.evaluation(Features.Z, new Driving(LatentChoice.MEAN), new Untrained());
            assertNotEquals(sampled.scoresByRun()[0][0], mean.scoresByRun()[0][0], "another z, another drive");
            Stage first = experiment.evaluationStages(Features.Z).getFirst();
            Stage other = experiment.evaluationStages(Features.Z, new Driving(LatentChoice.MEAN)).getFirst();
            assertNotEquals(first.key(), other.key());
            assertEquals(first.ancestry().reversed().stream().skip(1).toList(), other.ancestry().reversed().stream().skip(1).toList(), "of the same weights");
            assertEquals("MEAN", other.setting("agent.latent"));
        }
    }

    /** Fails where something is trained. */
    private static final class Untrained extends Impatient {

        Untrained() {
            super(Integer.MAX_VALUE);
        }

        @Override
        public void start(String work, long total, String unit) {
            assertEquals("Playing episodes", work, "nothing but driving");
        }
    }

    @Test
    void theComparisonOfVisionModelsSharesFramesAndDiffersInVAlone() {
        Preset compared = TINY.with("thesis.latents", "32, 6").with("nvae.channels", "4").with("nvae.batch", "20");
        try (CarRacingExperiment base = CarRacingExperiment.open(compared, work); VisionComparison comparison = new VisionComparison(base)) {
            base.evaluation(Features.Z_H, Progress.NONE);
            List<String> labels = comparison.contenders().stream().map(VisionComparison.Contender::label).toList();
            assertEquals(List.of("ConvVAE, z 32", "NVAE, z 32", "ConvVAE, z 6", "NVAE, z 6"), labels);
            assertEquals(base.evaluationStages(Features.Z_H), comparison.contenders().getFirst().experiment().evaluationStages(Features.Z_H),
                    "the experiment's own agent is one of them");
            VisionComparison.Contender nvae = comparison.contenders().getLast();
            assertEquals(2, nvae.evaluation(Progress.NONE).episodes().size());
            SortedMap<String, String> lineage = nvae.experiment().evaluationStages(Features.Z_H).getFirst().lineage();
            assertEquals(base.rollouts().key(), lineage.get("rollouts.key"));
            PictureScores scores;
            try (RandomConvolutions features = new RandomConvolutions()) {
                assertEquals(40, nvae.experiment().pictureScores(features, 59, Progress.NONE).frames(), "whole batches of 20");
                scores = nvae.experiment().pictureScores(features, 1_000_000, Progress.NONE);
            }
            assertEquals(60, scores.frames(), "no more than there are in the one validation episode");
            assertTrue(scores.reconstruction() > 0 && scores.sample() > 0, scores.toString());
            // The mean of the frames' logarithms is above the logarithm of their mean, and not far: frames of one episode look alike.
            double ofMeanError = -10 * Math.log10(nvae.experiment().visionQuality(Progress.NONE).reconstructionError() / (64 * 64 * 3));
            assertTrue(scores.quality().psnr() > ofMeanError - 0.05 && scores.quality().psnr() < ofMeanError + 3, scores + " against " + ofMeanError);
        }
    }

    @Test
    void probesAreFittedOnEpisodesThatAreDrivenAgain() {
        Preset probed = TINY.with("vision.latent", "3").with("rollouts.episodes", "8").with("rollouts.validation", "3")
                .with("rollouts.steps", "200");
        try (CarRacingExperiment experiment = CarRacingExperiment.open(probed, work)) {
            Map<String, Double> shares = experiment.probes(4, Progress.NONE);
            assertEquals(List.of("speed", "heading to the road", "curvature ahead"), List.copyOf(shares.keySet()));
            shares.values().forEach(share -> assertTrue(share < 1, shares.toString()));
            EpisodeStore store = experiment.episodes(Progress.NONE);
            StoredEpisode first = store.episodes().getFirst();
            List<LatentEpisode> latents = experiment.encoded(Progress.NONE).subList(0, 1);
            Moments moments = Moments.of(experiment.version(), store, List.of(first), latents, Progress.NONE);
            // The car stands on the road when an episode begins: the first moment is of the first frame, at rest.
            assertEquals(0, moments.situations().getFirst().speed(), 1e-9);
            assertEquals(latents.getFirst().mean(0, 2), moments.z().getFirst()[2]);
            assertTrue(moments.z().size() <= 40, "every fifth of 200 frames, where the car is on the road");
            EpisodeResult elsewhere = new EpisodeResult(new EpisodeJob(0, first.seed() + 1), first.episodeReturn(), first.length(), first.terminated(),
                    !first.terminated());
            StoredEpisode moved = new StoredEpisode(first.file(), elsewhere, first.bytes(), first.content(), first.sha256());
            KitException e = assertThrows(KitException.class, () -> Moments.of(experiment.version(), store, List.of(moved), latents, Progress.NONE));
            assertTrue(e.getMessage().contains(first.file() + " does not go as recorded"), e.getMessage());
        }
    }

    @Test
    void refusesAnUnknownExplorationPolicyByNamingThoseThereAre() {
        KitException e = assertThrows(KitException.class, () -> CarRacingExperiment.open(TINY.with("rollouts.policy", "TELEPATHY"), work));
        assertTrue(e.getMessage().contains("TELEPATHY") && e.getMessage().contains("RANDOM_NETWORK"), e.getMessage());
    }

    /** Interrupts the thread at the n-th sign of progress, once. */
    private static class Impatient implements Progress {

        private int patience;

        Impatient(int patience) {
            this.patience = patience;
        }

        @Override
        public void start(String work, long total, String unit) {}

        @Override
        public void at(long completed, String note) {
            if (--patience == 0) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void done(String note) {}
    }
}
