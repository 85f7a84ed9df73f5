package worldmodels.study.thesis;

import static worldmodels.report.Numbers.format;

import java.util.Map;
import java.util.stream.Stream;
import worldmodels.controller.Features;
import worldmodels.evaluation.Evaluation;
import worldmodels.evaluation.Summary;
import worldmodels.report.Columns;
import worldmodels.report.ComparisonTable;
import worldmodels.report.Numbers;
import worldmodels.report.Published;
import worldmodels.report.PublishedNumbers;
import worldmodels.report.ResultTable;
import worldmodels.run.Preset;
import worldmodels.run.Stage;
import worldmodels.study.carracing.CarRacingCost;
import worldmodels.study.carracing.PictureScores;
import worldmodels.study.thesis.VisionComparison.Contender;

/** The tables of the NVAE world-model thesis, ours beside the published. */
public final class ThesisTables {

    private static final String PICTURES = "thesis-pictures";

    private ThesisTables() {}

    /** Its table 1: agents that differ in V. */
    public static ResultTable agents(Map<Contender, Evaluation> scores) {
        PublishedNumbers published = PublishedNumbers.of("world-models");
        Preset preset = scores.keySet().iterator().next().experiment().preset();
        ComparisonTable table = new ComparisonTable("The thesis' table 1, CarRacing: score on unseen tracks, preset " + preset.name());
        for (Map.Entry<Contender, Evaluation> row : scores.entrySet()) {
            Contender contender = row.getKey();
            Stage stage = contender.experiment().evaluationStages(Features.Z_H).getFirst();
            table = table.with(contender.label(), row.getValue().summary(),
                    published.number(isNvae(contender) ? "thesis-nvae" : "thesis-wm"),
                    preset.name() + ", CarRacing " + contender.experiment().version() + ", " + stage.key());
        }
        return table.table();
    }

    private static boolean isNvae(Contender contender) {
        return contender.vision().name().equals("NVAE");
    }

    /** By how much the NVAE agent is better than the ConvVAE agent of the same size, track by track. */
    public static ResultTable differences(Map<Contender, Evaluation> scores) {
        Columns columns = new Columns("z", "NVAE - ConvVAE", "SD", "tracks", "who is ahead");
        scores.forEach((nvae, evaluation) -> {
            if (isNvae(nvae)) {
                scores.forEach((other, theirs) -> {
                    if (!isNvae(other) && other.latent() == nvae.latent()) {
                        Summary d = evaluation.minus(theirs);
                        columns.add(String.valueOf(nvae.latent()), format("%.1f [%.1f, %.1f]", d.mean(), d.low(), d.high()), format("%.1f", d.sd()),
                                String.valueOf(d.n()), d.low() > 0 ? "NVAE" : d.high() < 0 ? "ConvVAE" : "cannot be told");
                    }
                });
            }
        });
        return columns.table("NVAE against ConvVAE on the same test tracks, with the difference's 95 % interval");
    }

    /** How good the pictures of each V are. */
    public static ResultTable pictures(Map<Contender, PictureScores> scores) {
        Columns columns = new Columns("V", "features", "pictures", "distance of reconstructions", "distance of samples", "PSNR (dB)", "SSIM", "bits per dimension");
        scores.forEach((contender, score) -> columns.add(contender.label(), score.features(), format("%,d", score.frames()),
                format("%.4g", score.reconstruction()), format("%.4g", score.sample()), format("%.2f", score.quality().psnr()),
                format("%.3f", score.quality().ssim()),
                score.bits().isPresent() ? format("%.3f", score.bits().getAsDouble()) : Numbers.ABSENT));
        for (Published number : PublishedNumbers.of(PICTURES).all()) {
            columns.add(number.row(), "Inception-v3", Numbers.ABSENT, number.text() + " (not stated which)", Numbers.ABSENT, Numbers.ABSENT, Numbers.ABSENT, Numbers.ABSENT);
        }
        return columns.table("Pictures of unseen frames: Fréchet distance from the frames, PSNR and SSIM of reconstructions from z");
    }

    /** What linear probes read from each V's z, R² on validation episodes. */
    public static ResultTable probes(Map<Contender, Map<String, Double>> probes) {
        Columns columns = new Columns(Stream.concat(Stream.of("V"), probes.values().iterator().next().keySet().stream()).toList());
        probes.forEach((contender, shares) -> columns.add(
                Stream.concat(Stream.of(contender.label()), shares.values().stream().map(share -> format("%.3f", share))).toList()));
        return columns.table("What a weighted sum of z tells of the driver's situation: R² on unseen episodes, 1 is all of it");
    }

    /** Its table 4, the settings, beside those of the preset. */
    public static ResultTable settings(Preset preset) {
        Columns columns = new Columns("setting", "thesis, table 4", "here");
        columns.add("epochs", "1000 (text: one)", preset.text("nvae.epochs"));
        columns.add("frames", "30 million", format("%,.0f", new CarRacingCost(preset, 1).frames()));
        columns.add("pixels", "96 (data), 128 (text)", "64");
        columns.add("grids of latents", "8, 16, 32, 64", "flat vector" + grid(preset, 8) + grid(preset, 16) + grid(preset, 32));
        columns.add("channel size", "20", preset.text("nvae.groupLatents") + " latents a group, " + preset.text("nvae.channels") + " channels at first");
        columns.add("z for M and C", "64 (text), 32 (algorithm)", preset.text("thesis.latents"));
        columns.add("λ of spectral regularisation", "0.1", preset.text("nvae.regularisation"));
        columns.add("normalizing flows", "2", preset.text("nvae.flows"));
        columns.add("batch", "3 GPUs x 32", preset.text("nvae.batch"));
        columns.add("reconstruction", "squared error", preset.integer("nvae.mixtures") == 0 ? "squared error" : preset.text("nvae.mixtures") + " logistics");
        return columns.table("NVAE's settings in the thesis and in the preset " + preset.name());
    }

    private static String grid(Preset preset, int side) {
        int groups = preset.integer("nvae.groupsAt" + side);
        return groups == 0 ? "" : ", " + groups + " of " + side + " x " + side;
    }
}
