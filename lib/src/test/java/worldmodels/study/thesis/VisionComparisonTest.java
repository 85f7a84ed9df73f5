package worldmodels.study.thesis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import worldmodels.controller.Features;
import worldmodels.evaluation.PictureQuality;
import worldmodels.report.ResultTable;
import worldmodels.run.Preset;
import worldmodels.run.Stage;
import worldmodels.study.carracing.CarRacingExperiment;
import worldmodels.study.carracing.PictureScores;
import worldmodels.study.thesis.VisionComparison.Contender;
import worldmodels.vision.VisionQuality;

class VisionComparisonTest {

    private static final Preset EQUAL = Preset.named("smoke").with("chains", "2").with("thesis.likelihood", "GAUSSIAN").with("thesis.rates", "8, 16");

    @TempDir
    Path work;

    private static List<String> labels(VisionComparison comparison) {
        return comparison.contenders().stream().map(Contender::label).toList();
    }

    private static Stage vision(CarRacingExperiment experiment) {
        return experiment.evaluationStages(Features.Z_H).getFirst().ancestry().stream().filter(stage -> stage.name().equals("vision")).findFirst().orElseThrow();
    }

    @Test
    void allLearnByOneLikelihoodAndTheExperimentsOwnStaysWhatItIs() {
        try (CarRacingExperiment base = CarRacingExperiment.open(EQUAL, work); VisionComparison comparison = new VisionComparison(base)) {
            assertEquals(List.of("ConvVAE by its own loss, z 32", "ConvVAE, z 32", "NVAE, z 32"), labels(comparison));
            assertEquals(vision(base), vision(comparison.contenders().getFirst().experiment()), "of notebook 03, trained once");
            for (Contender contender : comparison.contenders().subList(1, 3)) {
                assertEquals("GAUSSIAN", vision(contender.experiment()).setting("objective.likelihood"));
                assertEquals(2, contender.experiment().chains().size());
                assertEquals(base.rollouts().key(), contender.experiment().rollouts().key(), "the same frames");
            }
            assertNotEquals(vision(base).key(), vision(comparison.contenders().get(1).experiment()).key());
        }
    }

    @Test
    void eachByItsOwnLossIsTheThesisComparison() {
        try (CarRacingExperiment base = CarRacingExperiment.open(EQUAL.with("thesis.likelihood", "AUTHORS"), work);
                VisionComparison comparison = new VisionComparison(base)) {
            assertEquals(List.of("ConvVAE, z 32", "NVAE, z 32"), labels(comparison));
            assertEquals(vision(base), vision(comparison.contenders().getFirst().experiment()));
        }
    }

    @Test
    void atARateBothAreHeldAtAsManyNatsOnOneChain() {
        try (CarRacingExperiment base = CarRacingExperiment.open(EQUAL, work); VisionComparison comparison = VisionComparison.ofRates(base)) {
            assertEquals(List.of("ConvVAE, 8 nats", "NVAE, 8 nats", "ConvVAE, 16 nats", "NVAE, 16 nats"), labels(comparison));
            comparison.contenders().forEach(contender -> assertEquals(1, contender.experiment().chains().size()));
            assertEquals("8.0", vision(comparison.contenders().get(1).experiment()).setting("objective.rate"));
        }
    }

    @Test
    void dreamsCompareTheExperimentsOwnVWithTheOthersAsTheThesisDoes() {
        try (CarRacingExperiment base = CarRacingExperiment.open(EQUAL, work); VisionComparison comparison = VisionComparison.atOwnSize(base);
                VisionComparison all = new VisionComparison(base)) {
            assertEquals(vision(base), vision(comparison.contenders().getFirst().experiment()));
            assertEquals(vision(all.contenders().getLast().experiment()), vision(comparison.contenders().getLast().experiment()));
        }
    }

    private static PictureScores pictures(double distance, double psnr) {
        PictureQuality quality = new PictureQuality(psnr, 0.9);
        return new PictureScores("f", 10, distance, 1, quality, quality, OptionalDouble.empty(), OptionalDouble.empty());
    }

    private static VisionQuality quality(double error) {
        return new VisionQuality(new double[] {0.02, 0.02, 0}, new double[] {1, 0.01, 0}, error);
    }

    /** Pictures all as good; of three probes NVAE is ahead in two, then in one. */
    @Test
    void theGateTakesAllPictureMeasuresAndTwoOfThreeProbes() {
        try (CarRacingExperiment base = CarRacingExperiment.open(EQUAL, work); VisionComparison comparison = new VisionComparison(base)) {
            Contender conv = comparison.contenders().get(1);
            Contender nvae = comparison.contenders().get(2);
            Map<Contender, List<VisionQuality>> qualities = new LinkedHashMap<>(Map.of(conv, List.of(quality(10), quality(12)), nvae, List.of(quality(11))));
            Map<Contender, PictureScores> scores = new LinkedHashMap<>(Map.of(conv, pictures(0.2, 30), nvae, pictures(0.1, 31)));
            Map<String, Double> theirs = Map.of("a", 0.5, "b", 0.5, "c", 0.5);
            assertEquals("yes", last(ThesisTables.gate(qualities, scores, Map.of(conv, theirs, nvae, Map.of("a", 0.6, "b", 0.7, "c", 0.1)))));
            assertEquals("no", last(ThesisTables.gate(qualities, scores, Map.of(conv, theirs, nvae, Map.of("a", 0.6, "b", 0.1, "c", 0.1)))));
            scores.put(nvae, pictures(0.3, 31));
            assertEquals("no", last(ThesisTables.gate(qualities, scores, Map.of(conv, theirs, nvae, theirs))), "a greater distance");
            assertTrue(ThesisTables.latents(qualities, Map.of(conv, 5L, nvae, 6L)).csv().contains("\"ConvVAE, z 32\",2,5,1.0,2.0,1.0,11.00"));
        }
    }

    private static String last(ResultTable gate) {
        String[] lines = gate.csv().strip().split("\n");
        return lines[lines.length - 1].replaceAll(".*,", "");
    }
}
