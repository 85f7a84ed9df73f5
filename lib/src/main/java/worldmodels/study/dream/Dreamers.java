package worldmodels.study.dream;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import worldmodels.agent.Agent;
import worldmodels.agent.Rollouts;
import worldmodels.controller.Features;
import worldmodels.dream.Beginnings;
import worldmodels.dream.Dream;
import worldmodels.dream.DreamSettings;
import worldmodels.env.carracing.CarRacing;
import worldmodels.evolution.Evolution;
import worldmodels.evolution.Fitness;
import worldmodels.evolution.RolloutFitness;
import worldmodels.memory.LatentEpisode;
import worldmodels.memory.MdnRnn;
import worldmodels.nn.Seeds;
import worldmodels.random.Pcg64;
import worldmodels.run.Preset;
import worldmodels.run.Progress;
import worldmodels.run.Settings;
import worldmodels.run.Stage;
import worldmodels.study.carracing.CarRacingExperiment;
import worldmodels.study.carracing.Memory;
import worldmodels.study.carracing.RoundDrivers;
import worldmodels.study.carracing.RoundSettings;
import worldmodels.study.carracing.Search;
import worldmodels.study.carracing.TrainedController;
import worldmodels.vision.VisionModel;

/** C on z and h, evolved in the dreams of one M: it sees no real frame. */
final class Dreamers {

    private final CarRacingExperiment real;
    private final Memory memory;
    private final Optional<Dreamers> before;
    private final Preset preset;
    private final DreamSearchSettings settings;
    private final long seed;

    /** @param before whose C each search begins with; empty for one that knows nothing */
    Dreamers(CarRacingExperiment real, Memory memory, Optional<Dreamers> before) {
        this.real = real;
        this.memory = memory;
        this.before = before;
        this.preset = real.preset();
        this.settings = Settings.of(preset, DreamSearchSettings.class);
        // Another one each round: on the same draws of weights and dreams, round after round would learn by heart what it cannot know.
        long root = preset.integer("seed");
        this.seed = before.isEmpty() ? root : Seeds.named(root, "search of round", real.round());
    }

    /** Of one temperature. */
    TrainedController controller(double temperature, Progress progress) {
        Stage stage = stage(temperature);
        Agent blank = blank(progress);
        // A finished search is loaded without the one that it went on from, which need not be kept.
        Agent first = stage.isFinished() ? blank
                : before.map(earlier -> blank.with(earlier.controller(temperature, progress).selected().parameters())).orElse(blank);
        return search(stage, evolution(), first, dream(temperature), progress);
    }

    /** That C, gone on with where each nat of M's loss brings a reward: it looks for what M does not know. */
    TrainedController explorer(double temperature, Progress progress) {
        DreamSearchSettings.Exploring exploring = Settings.of(preset, DreamSearchSettings.Exploring.class);
        return search(explorerStage(temperature), settings.evolution(exploring.generations(), exploring.sigma()), agent(temperature, progress),
                dream(temperature).curious(exploring.curiosity()), progress);
    }

    /** Ready to act. */
    Agent agent(double temperature, Progress progress) {
        return blank(progress).with(controller(temperature, progress).selected().parameters());
    }

    private Evolution.Settings evolution() {
        if (before.isEmpty()) {
            DreamSearchSettings.First first = Settings.of(preset, DreamSearchSettings.First.class);
            return settings.evolution(first.generations(), first.sigma());
        }
        DreamSearchSettings.Continued continued = Settings.of(preset, DreamSearchSettings.Continued.class);
        return settings.evolution(continued.generations(), continued.sigma());
    }

    /** Who records for the next round, as {@link RoundDrivers} says; with curiosity the explorer is what the others are the agent. */
    List<Agent> drivers(double temperature, Progress progress) {
        RoundSettings rounds = Settings.of(preset, RoundSettings.class);
        Agent agent = agent(temperature, progress);
        Agent current = rounds.curiosity() == 0 ? agent : agent.with(explorer(temperature, progress).selected().parameters());
        if (rounds.drivers() == RoundDrivers.CURRENT) {
            return List.of(current);
        }
        Agent earlier = before.map(one -> current.with(one.controller(temperature, progress).selected().parameters())).orElse(current);
        List<Agent> all = new ArrayList<>();
        for (int i = 0; i < RoundDrivers.MIXED.count(); i += 4) {
            Pcg64 random = Pcg64.stream(Seeds.named(seed, "driver", i), "weights");
            double[] about = Arrays.stream(current.parameters()).map(weight -> weight + rounds.sigma() * random.standardNormal()).toArray();
            all.addAll(List.of(current, current, earlier, current.with(about)));
        }
        return all;
    }

    private TrainedController search(Stage stage, Evolution.Settings evolution, Agent first, DreamSettings dream, Progress progress) {
        return new Search(stage, evolution, seed, first, () -> fitness(dream, first, progress), () -> fitness(dream, first, progress))
                .complete(progress);
    }

    private Agent blank(Progress progress) {
        VisionModel v = real.vision(progress).model();
        MdnRnn m = memory.trained(progress).model();
        return new Agent(v, m, Features.Z_H, settings.driving().latent(), new double[Agent.controller(v, m, Features.Z_H).parameterCount()]);
    }

    /** Candidates for an agent's C, dreaming. */
    Fitness fitness(DreamSettings dream, Agent agent, Progress progress) {
        return new RolloutFitness(Rollouts.dreaming(agent, CarRacingExperiment.LANES, dream, beginnings(progress), CarRacing.ACTIONS));
    }

    /** Some dreams to look at, all from first frames, and to their end: what becomes of a lost car is worth a look. */
    Dream dream(double temperature, int lanes, Progress progress) {
        return new Dream(memory.trained(progress).model(), new Beginnings(recorded(progress), 0, 0, settings.deviation()), dream(temperature).patient(0),
                CarRacing.ACTIONS, lanes);
    }

    DreamSettings dream(double temperature) {
        return DreamSettings.carRacing(temperature, settings.horizon()).patient(settings.patience());
    }

    private List<LatentEpisode> recorded(Progress progress) {
        return real.split(real.encoded(progress)).train();
    }

    private Beginnings beginnings(Progress progress) {
        return new Beginnings(recorded(progress), settings.branched(), settings.watched(), settings.deviation());
    }

    Stage stage(double temperature) {
        List<Stage> inputs = new ArrayList<>(List.of(memory.stage()));
        before.ifPresent(earlier -> inputs.add(earlier.stage(temperature)));
        return stage("dream-controller-", temperature, before.isPresent() ? DreamSearchSettings.Continued.class : DreamSearchSettings.First.class, inputs);
    }

    Stage explorerStage(double temperature) {
        return stage("dream-explorer-", temperature, DreamSearchSettings.Exploring.class, List.of(stage(temperature)));
    }

    private Stage stage(String name, double temperature, Class<? extends Record> length, List<Stage> inputs) {
        SortedMap<String, String> text = Settings.text(preset, DreamSearchSettings.class, length);
        text.put("temperature", String.valueOf(temperature));
        return real.stage(name + word(temperature), text, inputs);
    }

    /** 1.15 as 1-15, for the name of a folder. */
    static String word(double temperature) {
        return String.format(Locale.ROOT, "%.2f", temperature).replace('.', '-');
    }
}
