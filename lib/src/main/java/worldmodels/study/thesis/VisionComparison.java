package worldmodels.study.thesis;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import worldmodels.controller.Features;
import worldmodels.evaluation.Evaluation;
import worldmodels.evaluation.FeatureExtractor;
import worldmodels.run.Preset;
import worldmodels.run.Progress;
import worldmodels.run.Settings;
import worldmodels.study.carracing.CarRacingExperiment;
import worldmodels.study.carracing.PictureScores;
import worldmodels.vision.Objective;
import worldmodels.vision.VisionKind;
import worldmodels.vision.VisionModels;
import worldmodels.vision.VisionQuality;

/**
 * The thesis' comparison (its table 1): agents on z and h that differ in V and in the size of z, and in nothing else. All V learn from the same
 * frames by the same likelihood; M and C are trained for each with the same budget.
 */
public final class VisionComparison implements AutoCloseable {

    /**
     * One of them.
     *
     * @param vision     its V
     * @param latent     numbers in z
     * @param experiment the preset with both set, and what V is trained by
     */
    public record Contender(VisionKind vision, int latent, CarRacingExperiment experiment) {

        /** {@code NVAE, z 64}, {@code NVAE, 8 nats}, {@code ConvVAE by its own loss, z 32}. */
        public String label() {
            boolean isOdd = isByItsOwnLoss() && Settings.of(experiment.preset(), ThesisSettings.class).likelihood() != Objective.Likelihood.AUTHORS;
            return vision.label() + (isOdd ? " by its own loss" : "") + ", " + (rate() > 0 ? String.format(Locale.ROOT, "%.0f nats", rate()) : "z " + latent);
        }

        /** Whether V is trained by its authors' loss. */
        public boolean isByItsOwnLoss() {
            return Objective.of(experiment.preset()).isAuthors();
        }

        /** Nats that its z is held at; 0 where it is not. */
        public double rate() {
            return Objective.of(experiment.preset()).rate();
        }

        /** Whether another differs in its kind of V alone. */
        boolean isRivalOf(Contender other) {
            return vision != other.vision && latent == other.latent && isByItsOwnLoss() == other.isByItsOwnLoss() && rate() == other.rate();
        }

        /** Its C of each chain on the test tracks. */
        public Evaluation evaluation(Progress progress) {
            return experiment.evaluation(Features.Z_H, progress);
        }

        /** How good its V's pictures are, the mean of all chains. */
        public PictureScores pictures(FeatureExtractor extractor, int frames, Progress progress) {
            return PictureScores.mean(experiment.chains().stream().map(chain -> chain.pictureScores(extractor, frames, progress)).toList());
        }

        /** What its z tells of the driver's situation, the mean of all chains. */
        public Map<String, Double> probes(int episodes, Progress progress) {
            Map<String, Double> mean = new LinkedHashMap<>();
            List<CarRacingExperiment> chains = experiment.chains();
            chains.forEach(chain -> chain.probes(episodes, progress).forEach((name, share) -> mean.merge(name, share / chains.size(), Double::sum)));
            return mean;
        }

        /** What its z holds, chain by chain. */
        public List<VisionQuality> qualities(Progress progress) {
            return experiment.chains().stream().map(chain -> chain.visionQuality(progress)).toList();
        }
    }

    private final List<Contender> contenders;

    /**
     * What the experiment's preset compares: each size in {@code thesis.latents}, each V in {@code thesis.visions}, by {@code thesis.likelihood}; before
     * them the experiment's own V, where it is none of these.
     */
    public VisionComparison(CarRacingExperiment experiment) {
        this(experiment, compared(experiment.preset()));
    }

    /** @param compared a preset for each contender */
    public VisionComparison(CarRacingExperiment experiment, List<Preset> compared) {
        contenders = compared.stream().map(own -> new Contender(VisionModels.of(own), own.integer("vision.latent"), experiment.beside(own))).toList();
    }

    /** Each V at the preset's own size of z; the experiment's own as it is, the others as the thesis compares them. */
    public static VisionComparison atOwnSize(CarRacingExperiment experiment) {
        Preset preset = experiment.preset();
        return new VisionComparison(experiment, visions(preset).map(kind -> kind == VisionModels.of(preset) ? preset
                : of(preset, kind, preset.integer("vision.latent"))).toList());
    }

    /** Each V at the preset's own size of z, held at each of {@code thesis.rates}; of the first chain alone. */
    public static VisionComparison ofRates(CarRacingExperiment experiment) {
        return new VisionComparison(experiment, rated(experiment.preset()));
    }

    /** The preset of each contender: for each size every V, in the preset's order. */
    static List<Preset> compared(Preset preset) {
        List<Preset> compared = Settings.of(preset, ThesisSettings.class).latents().stream()
                .flatMap(latent -> visions(preset).map(kind -> of(preset, kind, latent))).toList();
        boolean isOwnThere = compared.stream().anyMatch(other -> isOwn(preset, other));
        return Stream.concat(isOwnThere ? Stream.empty() : Stream.of(preset), compared.stream()).toList();
    }

    /** A rate is of a bound: a preset that compares by each V's own loss has the normal's. */
    static List<Preset> rated(Preset preset) {
        ThesisSettings settings = Settings.of(preset, ThesisSettings.class);
        Objective.Likelihood likelihood = settings.likelihood() == Objective.Likelihood.AUTHORS ? Objective.Likelihood.GAUSSIAN : settings.likelihood();
        Preset by = preset.with("thesis.likelihood", likelihood.name()).with("chains", "1");
        return settings.rates().stream().flatMap(rate -> visions(preset)
                .map(kind -> of(by, kind, preset.integer("vision.latent")).with("objective.rate", String.valueOf(rate)))).toList();
    }

    private static Stream<VisionKind> visions(Preset preset) {
        return Settings.of(preset, ThesisSettings.class).visions().stream();
    }

    private static Preset of(Preset preset, VisionKind kind, int latent) {
        return preset.with("model.vision", kind.name()).with("vision.latent", String.valueOf(latent)).with("objective.likelihood", preset.text("thesis.likelihood"));
    }

    /** For each size every V, trained by {@code thesis.likelihood} where it is trained by a likelihood. */
    public static List<Preset> compared(Preset preset, List<VisionKind> visions, List<Integer> latents) {
        return latents.stream().flatMap(latent -> visions.stream().map(kind -> kind.prepared(of(preset, kind, latent)))).toList();
    }

    /** Whether a contender's V is the experiment's own. */
    static boolean isOwn(Preset preset, Preset other) {
        return Stream.of("model.vision", "vision.latent", "objective.likelihood").allMatch(key -> preset.text(key).equals(other.text(key)));
    }

    /** In the order of {@link #compared}. */
    public List<Contender> contenders() {
        return contenders;
    }

    @Override
    public void close() {
        contenders.forEach(contender -> contender.experiment().close());
    }
}
