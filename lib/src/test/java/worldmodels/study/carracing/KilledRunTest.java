package worldmodels.study.carracing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import worldmodels.controller.Features;
import worldmodels.run.Preset;
import worldmodels.run.Progress;
import worldmodels.study.Made;

/**
 * A whole experiment in a process of its own is killed (signal 9) at ten random moments of all its stages, and each time another process
 * goes on where it was. What comes out equals what an uninterrupted process makes, bit for bit: data, weights, scores.
 */
@Tag("slow")
class KilledRunTest {

    private static final List<String> WORK = List.of("Recording episodes", "ConvVAE training", "Encoding episodes", "MDN-RNN training",
            "Evolution", "Playing episodes");

    private static final Preset SHORT = Preset.named("smoke")
            .with("rollouts.episodes", "48").with("rollouts.steps", "100").with("rollouts.validation", "4")
            .with("vision.batch", "40").with("vision.epochs", "1")
            .with("memory.batch", "4").with("memory.sequence", "49").with("memory.epochs", "8")
            .with("evolution.population", "6").with("evolution.rollouts", "2").with("evolution.generations", "8")
            .with("evolution.steps", "60").with("evolution.selectionEvery", "3").with("evolution.selectionTracks", "2")
            .with("evaluation.tracks", "4");

    @TempDir
    Path folder;

    /** The experiment's process: says what it does, line by line, and at the end everything that a result stands on. */
    public static void main(String[] arguments) {
        try (CarRacingExperiment experiment = CarRacingExperiment.open(SHORT, Path.of(arguments[0]))) {
            experiment.evaluation(Features.Z_H, new Progress() {

                private String work;

                @Override
                public void start(String work, long total, String unit) {
                    this.work = work;
                    System.out.println(work);
                }

                @Override
                public void at(long completed, String note) {
                    System.out.println(work);
                }

                @Override
                public void done(String note) {}
            });
            System.out.println("made " + Made.by(experiment.evaluationStages(Features.Z_H).getFirst()));
        }
    }

    @Test
    void tenKillsLeaveNoTraceInTheResult() throws IOException, InterruptedException {
        String whole = run(folder.resolve("whole"), null, 0).getLast();
        assertTrue(whole.startsWith("made "), whole);

        Random random = new Random(2018);
        TreeSet<String> killedIn = new TreeSet<>();
        Path work = null;
        int kills = 0;
        for (int attempt = 0; kills < 10; attempt++) {
            assertTrue(attempt < 4, "only " + kills + " kills came before the end");
            work = folder.resolve("killed-" + attempt);
            // Two in each kind of work; should one come too late, the run goes on to its end, and another run is killed.
            for (int i = 0; i < 2 * WORK.size(); i++) {
                List<String> said = run(work, WORK.get(i / 2), random.nextInt(200));
                if (said.getLast().startsWith("made ")) {
                    break;
                }
                killedIn.add(said.getLast());
                kills++;
            }
        }
        assertTrue(killedIn.size() >= 5, "killed only in " + killedIn);
        assertEquals(whole, run(work, null, 0).getLast());
    }

    /** @return what the process said; it is killed some milliseconds after it first says that it is at {@code victim}'s work */
    private static List<String> run(Path work, String victim, int milliseconds) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + System.getProperty("kit.root") + "/environment/jvm.options", "-Xmx1g", "-cp", System.getProperty("java.class.path"),
                KilledRunTest.class.getName(), work.toString()));
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        List<String> said = new ArrayList<>();
        Thread killer = null;
        try (BufferedReader lines = process.inputReader()) {
            String line;
            while ((line = lines.readLine()) != null) {
                said.add(line);
                if (line.equals(victim) && killer == null) {
                    killer = Thread.ofVirtual().start(() -> {
                        try {
                            Thread.sleep(milliseconds);
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                        // The process alone: Process's own method also closes the stream that is being read here.
                        process.toHandle().destroyForcibly();
                    });
                }
            }
        } finally {
            process.destroyForcibly();
        }
        process.waitFor();
        return said;
    }
}
