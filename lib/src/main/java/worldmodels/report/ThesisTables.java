package worldmodels.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import worldmodels.controller.Features;
import worldmodels.evaluation.Evaluation;
import worldmodels.evaluation.Summary;
import worldmodels.experiment.PictureScores;
import worldmodels.experiment.Preset;
import worldmodels.experiment.Stage;
import worldmodels.experiment.VisionChoice;
import worldmodels.experiment.VisionComparison.Contender;

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
            table = table.with(contender.label(), WorldModelsTable.measured(row.getValue()),
                    published.number(contender.vision() == VisionChoice.NVAE ? "thesis-nvae" : "thesis-wm"),
                    preset.name() + ", CarRacing " + contender.experiment().version() + ", " + stage.key());
        }
        return table.table();
    }

    /** By how much the NVAE agent is better than the ConvVAE agent of the same size, track by track. */
    public static ResultTable differences(Map<Contender, Evaluation> scores) {
        Map<String, List<String>> columns = columns("z", "NVAE - ConvVAE", "SD", "tracks", "who is ahead");
        scores.forEach((nvae, evaluation) -> {
            if (nvae.vision() == VisionChoice.NVAE) {
                scores.forEach((other, theirs) -> {
                    if (other.vision() != VisionChoice.NVAE && other.latent() == nvae.latent()) {
                        Summary d = evaluation.minus(theirs);
                        add(columns, String.valueOf(nvae.latent()), number("%.1f [%.1f, %.1f]", d.mean(), d.low(), d.high()), number("%.1f", d.sd()),
                                String.valueOf(d.n()), d.low() > 0 ? "NVAE" : d.high() < 0 ? "ConvVAE" : "cannot be told");
                    }
                });
            }
        });
        return ResultTable.ofText("NVAE against ConvVAE on the same test tracks, with the difference's 95 % interval", columns);
    }

    /** How good the pictures of each V are. */
    public static ResultTable pictures(Map<Contender, PictureScores> scores) {
        Map<String, List<String>> columns = columns("V", "features", "pictures", "distance of reconstructions", "distance of samples", "PSNR (dB)", "SSIM", "bits per dimension");
        scores.forEach((contender, score) -> add(columns, contender.label(), score.features(), number("%,d", score.frames()),
                number("%.4g", score.reconstruction()), number("%.4g", score.sample()), number("%.2f", score.quality().psnr()),
                number("%.3f", score.quality().ssim()),
                score.bits().isPresent() ? number("%.3f", score.bits().getAsDouble()) : Numbers.ABSENT));
        for (Published number : PublishedNumbers.of(PICTURES).all()) {
            add(columns, number.row(), "Inception-v3", Numbers.ABSENT, number.text() + " (not stated which)", Numbers.ABSENT, Numbers.ABSENT, Numbers.ABSENT, Numbers.ABSENT);
        }
        return ResultTable.ofText("Pictures of unseen frames: Fréchet distance from the frames, PSNR and SSIM of reconstructions from z", columns);
    }

    /** What linear probes read from each V's z, R² on validation episodes. */
    public static ResultTable probes(Map<Contender, Map<String, Double>> probes) {
        Map<String, List<String>> columns = columns("V");
        probes.values().iterator().next().keySet().forEach(quantity -> columns.put(quantity, new ArrayList<>()));
        probes.forEach((contender, shares) -> {
            columns.get("V").add(contender.label());
            shares.forEach((quantity, share) -> columns.get(quantity).add(number("%.3f", share)));
        });
        return ResultTable.ofText("What a weighted sum of z tells of the driver's situation: R² on unseen episodes, 1 is all of it", columns);
    }

    /** Its table 4, the settings, beside those of the preset. */
    public static ResultTable settings(Preset preset) {
        Map<String, List<String>> columns = columns("setting", "thesis, table 4", "here");
        add(columns, "epochs", "1000 (text: one)", preset.text("nvae.epochs"));
        add(columns, "frames", "30 million", number("%,.0f", preset.number("rollouts.episodes") * preset.number("rollouts.steps")));
        add(columns, "pixels", "96 (data), 128 (text)", "64");
        add(columns, "grids of latents", "8, 16, 32, 64", "flat vector" + grid(preset, 8) + grid(preset, 16) + grid(preset, 32));
        add(columns, "channel size", "20", preset.text("nvae.groupLatents") + " latents a group, " + preset.text("nvae.channels") + " channels at first");
        add(columns, "z for M and C", "64 (text), 32 (algorithm)", preset.text("thesis.latents"));
        add(columns, "λ of spectral regularisation", "0.1", preset.text("nvae.regularisation"));
        add(columns, "normalizing flows", "2", preset.text("nvae.flows"));
        add(columns, "batch", "3 GPUs x 32", preset.text("nvae.batch"));
        add(columns, "reconstruction", "squared error", preset.integer("nvae.mixtures") == 0 ? "squared error" : preset.text("nvae.mixtures") + " logistics");
        return ResultTable.ofText("NVAE's settings in the thesis and in the preset " + preset.name(), columns);
    }

    private static String grid(Preset preset, int side) {
        int groups = preset.integer("nvae.groupsAt" + side);
        return groups == 0 ? "" : ", " + groups + " of " + side + " x " + side;
    }

    private static Map<String, List<String>> columns(String... names) {
        Map<String, List<String>> columns = new LinkedHashMap<>();
        for (String name : names) {
            columns.put(name, new ArrayList<>());
        }
        return columns;
    }

    private static void add(Map<String, List<String>> columns, String... cells) {
        int i = 0;
        for (List<String> column : columns.values()) {
            column.add(cells[i++]);
        }
    }

    private static String number(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
