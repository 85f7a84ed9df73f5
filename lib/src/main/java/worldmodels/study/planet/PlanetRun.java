package worldmodels.study.planet;

import java.util.List;
import java.util.Locale;
import worldmodels.env.control.ControlTask;
import worldmodels.evaluation.Evaluation;
import worldmodels.evaluation.Summary;
import worldmodels.nn.Compute;
import worldmodels.planet.Dynamics;
import worldmodels.run.KitException;
import worldmodels.run.Preset;
import worldmodels.run.Progress;

/**
 * PlaNet without a notebook, for a machine where a run of days is left alone: learns and tries the rows of the preset that {@code WM_PRESET} names,
 * as many models side by side as there are cores, and goes on where an earlier run was stopped.
 *
 * <p>Arguments choose rows ({@code cartpole_swingup}, {@code rssm}, {@code seed=2}) or change a setting ({@code planet.episodes=200}); none means all.
 */
public final class PlanetRun {

    private PlanetRun() {}

    public static void main(String[] arguments) {
        try {
            run(arguments);
        } catch (KitException e) {
            System.err.println(e.getMessage());
            throw e;
        }
    }

    private static void run(String[] arguments) {
        Preset preset = Preset.chosen();
        for (String argument : arguments) {
            String[] parts = argument.split("=", 2);
            if (parts.length == 2 && parts[0].contains(".")) {
                preset = preset.with(parts[0], parts[1]);
            }
        }
        System.out.println("Preset " + preset.name() + " on " + Compute.describe() + "; changed: " + preset.section("planet."));
        try (PlanetExperiment experiment = PlanetExperiment.open(preset)) {
            List<PlanetRow> rows = experiment.settings().rows().stream().filter(row -> isAsked(row, arguments)).toList();
            experiment.learn(rows, new Printed());
            for (PlanetRow row : rows) {
                Evaluation evaluation = experiment.evaluation(row, new Printed());
                Summary summary = evaluation.summary();
                System.out.printf(Locale.ROOT, "%s: %.0f (%.0f to %.0f), %d episodes; learned in %.0f s%n", row, summary.mean(), summary.low(), summary.high(),
                        summary.n(), experiment.learningStage(row).seconds());
            }
        }
    }

    /** Whether all arguments that speak of rows speak of this one. */
    private static boolean isAsked(PlanetRow row, String[] arguments) {
        boolean isTask = true;
        boolean isDynamics = true;
        boolean isSeed = true;
        for (String argument : arguments) {
            String name = argument.toUpperCase(Locale.ROOT);
            if (List.of(ControlTask.values()).stream().anyMatch(task -> task.name().equals(name))) {
                isTask = row.task().name().equals(name);
            } else if (List.of(Dynamics.values()).stream().anyMatch(kind -> kind.name().equals(name))) {
                isDynamics = row.dynamics().name().equals(name);
            } else if (name.startsWith("SEED=")) {
                isSeed = name.equals("SEED=" + row.seed());
            } else if (!name.contains(".") || !name.contains("=")) {
                throw new KitException("'" + argument + "' is no task, no kind of dynamics and no setting; say cartpole_swingup, rssm, seed=1 or"
                        + " planet.episodes=200.");
            }
        }
        return isTask && isDynamics && isSeed;
    }

    /** A line for each episode, and one now and then between. */
    private static final class Printed implements Progress {

        private static final long EVERY_NS = 30_000_000_000L;

        private final long start = System.nanoTime();
        private long printed;
        private long last = -1;
        private String work = "";
        private long total;

        @Override
        public void start(String work, long total, String unit) {
            this.work = work;
            this.total = total;
            System.out.println(work + ", " + total + " " + unit);
        }

        @Override
        public void at(long completed, String note) {
            if (completed != last || System.nanoTime() - printed > EVERY_NS) {
                printed = System.nanoTime();
                last = completed;
                System.out.printf(Locale.ROOT, "%7.0f s  %d of %d  %s%n", (printed - start) / 1e9, completed, total, note);
            }
        }

        @Override
        public void done(String note) {
            System.out.println(work + " done; " + note);
        }
    }
}
