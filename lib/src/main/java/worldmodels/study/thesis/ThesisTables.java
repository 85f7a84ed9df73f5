package worldmodels.study.thesis;

import static worldmodels.report.Numbers.format;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import worldmodels.controller.Features;
import worldmodels.evaluation.Evaluation;
import worldmodels.evaluation.Summary;
import worldmodels.report.Columns;
import worldmodels.report.ComparisonTable;
import worldmodels.report.Numbers;
import worldmodels.report.Plot;
import worldmodels.report.Published;
import worldmodels.report.PublishedNumbers;
import worldmodels.report.ResultTable;
import worldmodels.run.Preset;
import worldmodels.run.Settings;
import worldmodels.run.Stage;
import worldmodels.study.carracing.CarRacingCost;
import worldmodels.study.carracing.PictureScores;
import worldmodels.study.thesis.VisionComparison.Contender;
import worldmodels.vision.VisionQuality;

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

    /** One chain of either tells of these two agents only, not of how the next training would end. */
    private static String ahead(String name, Summary difference) {
        return difference.k() == 1 ? name + ", of these two agents" : name;
    }

    /** By how much the NVAE agent is better than the ConvVAE agent of the same size and likelihood, track by track. */
    public static ResultTable differences(Map<Contender, Evaluation> scores) {
        Columns columns = new Columns("z", "NVAE - ConvVAE", "SD", "tracks", "who is ahead");
        scores.forEach((nvae, evaluation) -> {
            if (isNvae(nvae)) {
                scores.forEach((other, theirs) -> {
                    if (other.vision().name().equals("CONV_VAE") && other.isRivalOf(nvae)) {
                        Summary d = evaluation.minus(theirs);
                        columns.add(String.valueOf(nvae.latent()), format("%.1f [%.1f, %.1f]", d.mean(), d.low(), d.high()), format("%.1f", d.sd()),
                                String.valueOf(d.n()), d.low() > 0 ? ahead("NVAE", d) : d.high() < 0 ? ahead("ConvVAE", d) : "cannot be told");
                    }
                });
            }
        });
        return columns.table("NVAE against ConvVAE on the same test tracks, with the difference's 95 % interval");
    }

    /** How good the pictures of each V are, from z alone and with what lies below it. */
    public static ResultTable pictures(Map<Contender, PictureScores> scores) {
        Columns columns = new Columns("V", "features", "pictures", "distance of reconstructions", "distance of samples", "PSNR (dB)", "SSIM", "PSNR, every level",
                "SSIM, every level", "bits per dimension, z alone", "every level");
        scores.forEach((contender, score) -> columns.add(contender.label(), score.features(), format("%,d", score.frames()),
                format("%.4g", score.reconstruction()), format("%.4g", score.sample()), format("%.2f", score.quality().psnr()),
                format("%.3f", score.quality().ssim()), format("%.2f", score.whole().psnr()), format("%.3f", score.whole().ssim()), bits(score.bitsOfZ()),
                bits(score.bits())));
        for (Published number : PublishedNumbers.of(PICTURES).all()) {
            columns.add(Stream.concat(Stream.of(number.row(), "Inception-v3", Numbers.ABSENT, number.text() + " (not stated which)"),
                    Stream.generate(() -> Numbers.ABSENT).limit(7)).toList());
        }
        return columns.table("Pictures of unseen frames: Fréchet distance from the frames, PSNR and SSIM of reconstructions, the bound in bits");
    }

    private static String bits(OptionalDouble bits) {
        return bits.isPresent() ? format("%.3f", bits.getAsDouble()) : Numbers.ABSENT;
    }

    /** What each V's z holds; the mean of its chains. */
    public static ResultTable latents(Map<Contender, List<VisionQuality>> qualities, Map<Contender, Long> parameters) {
        Columns columns = new Columns("V", "chains", "parameters", "nats in z", "latents whose mean moves", "latents that tell 0.05 nats", "squared error of a frame");
        qualities.forEach((contender, chains) -> columns.add(contender.label(), String.valueOf(chains.size()), format("%,d", parameters.get(contender)),
                format("%.1f", mean(chains, VisionQuality::nats)), format("%.1f", mean(chains, VisionQuality::activeLatents)),
                format("%.1f", mean(chains, VisionQuality::tellingLatents)), format("%.2f", mean(chains, VisionQuality::reconstructionError))));
        return columns.table("What z holds of unseen frames");
    }

    private static double mean(List<VisionQuality> chains, ToDoubleFunction<VisionQuality> of) {
        return chains.stream().mapToDouble(of).average().orElseThrow();
    }

    /**
     * Whether NVAE is fit to take the ConvVAE's place: squared error, PSNR, SSIM and Fréchet distance of pictures from z alone at least as good, and two of
     * three probes.
     */
    public static ResultTable gate(Map<Contender, List<VisionQuality>> qualities, Map<Contender, PictureScores> scores, Map<Contender, Map<String, Double>> probes) {
        Columns columns = new Columns("NVAE", "measure", "NVAE's", "ConvVAE's", "passed");
        for (Contender nvae : scores.keySet()) {
            for (Contender other : scores.keySet()) {
                if (isNvae(nvae) && other.vision().name().equals("CONV_VAE") && nvae.isRivalOf(other)) {
                    Gate gate = new Gate(nvae.label(), columns);
                    gate.least("squared error of a frame", mean(qualities.get(nvae), VisionQuality::reconstructionError),
                            mean(qualities.get(other), VisionQuality::reconstructionError));
                    gate.most("PSNR (dB)", scores.get(nvae).quality().psnr(), scores.get(other).quality().psnr());
                    gate.most("SSIM", scores.get(nvae).quality().ssim(), scores.get(other).quality().ssim());
                    gate.least("distance of reconstructions", scores.get(nvae).reconstruction(), scores.get(other).reconstruction());
                    boolean pictures = gate.isPassed();
                    int read = 0;
                    for (Map.Entry<String, Double> probe : probes.get(nvae).entrySet()) {
                        read += gate.most("R² of " + probe.getKey(), probe.getValue(), probes.get(other).get(probe.getKey())) ? 1 : 0;
                    }
                    columns.add(nvae.label(), "the gate: all four and two of three probes", Numbers.ABSENT, Numbers.ABSENT, pictures && read >= 2 ? "yes" : "no");
                }
            }
        }
        return columns.table("Is NVAE fit to take the ConvVAE's place? From z alone, on unseen frames");
    }

    /** Compares measure by measure. */
    private static final class Gate {

        private final String label;
        private final Columns columns;
        private boolean isPassed = true;

        Gate(String label, Columns columns) {
            this.label = label;
            this.columns = columns;
        }

        boolean least(String measure, double ours, double theirs) {
            return add(measure, ours, theirs, ours <= theirs);
        }

        boolean most(String measure, double ours, double theirs) {
            return add(measure, ours, theirs, ours >= theirs);
        }

        private boolean add(String measure, double ours, double theirs, boolean passed) {
            columns.add(label, measure, format("%.4g", ours), format("%.4g", theirs), passed ? "yes" : "no");
            isPassed &= passed;
            return passed;
        }

        /** Of all so far. */
        boolean isPassed() {
            return isPassed;
        }
    }

    /** What each V makes of as many nats in z. */
    public static ResultTable rates(Map<Contender, List<VisionQuality>> qualities, Map<Contender, PictureScores> scores, Map<Contender, Map<String, Double>> probes) {
        List<String> names = List.copyOf(probes.values().iterator().next().keySet());
        Columns columns = new Columns(Stream.concat(Stream.of("V", "nats wanted", "nats in z", "latents that tell 0.05 nats", "squared error of a frame", "PSNR (dB)", "SSIM",
                "distance of reconstructions"), names.stream().map(name -> "R² of " + name)).toList());
        scores.forEach((contender, score) -> columns.add(Stream.concat(Stream.of(contender.vision().label(), format("%.0f", contender.rate()),
                format("%.1f", mean(qualities.get(contender), VisionQuality::nats)), format("%.1f", mean(qualities.get(contender), VisionQuality::tellingLatents)),
                format("%.2f", mean(qualities.get(contender), VisionQuality::reconstructionError)), format("%.2f", score.quality().psnr()),
                format("%.3f", score.quality().ssim()), format("%.4g", score.reconstruction())),
                names.stream().map(name -> format("%.3f", probes.get(contender).get(name)))).toList()));
        return columns.table("V held at a number of nats in z, the same for both: pictures from z alone, and what probes read; one chain");
    }

    /** {@link #rates} drawn: the mean R² of the probes against the nats that z holds, a line for each V. */
    public static Plot ratesDrawn(Map<Contender, List<VisionQuality>> qualities, Map<Contender, Map<String, Double>> probes) {
        Plot plot = new Plot("What probes read, by what z holds", "nats in z", "mean R² of the probes");
        probes.keySet().stream().map(Contender::vision).distinct().forEach(vision -> {
            List<Contender> own = probes.keySet().stream().filter(contender -> contender.vision() == vision).toList();
            plot.line(vision.label(), own.stream().mapToDouble(contender -> mean(qualities.get(contender), VisionQuality::nats)).toArray(),
                    own.stream().mapToDouble(contender -> probes.get(contender).values().stream().mapToDouble(share -> share).average().orElseThrow()).toArray());
        });
        return plot;
    }

    /** The price of a good picture: squared error from z alone against the nats that z holds, a line for each V. */
    public static Plot errorByNats(Map<Contender, List<VisionQuality>> qualities) {
        Plot plot = new Plot("Reconstruction against divergence", "nats in z", "squared error per frame");
        qualities.keySet().stream().map(Contender::vision).distinct().forEach(vision -> {
            List<Contender> own = qualities.keySet().stream().filter(contender -> contender.vision() == vision).toList();
            plot.line(vision.label(), own.stream().mapToDouble(contender -> mean(qualities.get(contender), VisionQuality::nats)).toArray(),
                    own.stream().mapToDouble(contender -> mean(qualities.get(contender), VisionQuality::reconstructionError)).toArray());
        });
        return plot;
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
        columns.add("reconstruction", "squared error", reconstruction(preset));
        columns.add("balancing of divergences", "not stated", preset.text("nvae.balancing").toLowerCase(Locale.ROOT) + " of NVAE");
        return columns.table("NVAE's settings in the thesis and in the preset " + preset.name());
    }

    private static String reconstruction(Preset preset) {
        return switch (Settings.of(preset, ThesisSettings.class).likelihood()) {
            case AUTHORS -> preset.integer("nvae.mixtures") == 0 ? "squared error" : preset.text("nvae.mixtures") + " logistics";
            case GAUSSIAN -> "a normal with one learned variance, for every V";
            case LOGISTICS -> preset.text("objective.mixtures") + " logistics, for every V";
        };
    }

    private static String grid(Preset preset, int side) {
        int groups = preset.integer("nvae.groupsAt" + side);
        return groups == 0 ? "" : ", " + groups + " of " + side + " x " + side;
    }
}
