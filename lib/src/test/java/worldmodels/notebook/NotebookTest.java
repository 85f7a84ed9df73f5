package worldmodels.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.spencerpark.ijava.IJava;
import io.github.spencerpark.jupyter.channels.ShellReplyEnvironment;
import io.github.spencerpark.jupyter.kernel.BaseKernel;
import io.github.spencerpark.jupyter.kernel.JupyterIO;
import io.github.spencerpark.jupyter.kernel.LanguageInfo;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import io.github.spencerpark.jupyter.messages.ContentType;
import io.github.spencerpark.jupyter.messages.publish.PublishDisplayData;
import io.github.spencerpark.jupyter.messages.publish.PublishUpdateDisplayData;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.Table;
import worldmodels.data.Episode;
import worldmodels.report.AnimatedGif;
import worldmodels.report.Plot;
import worldmodels.report.ResultTable;
import worldmodels.report.ResultsFolder;
import worldmodels.report.RgbFrame;
import worldmodels.run.KitException;
import worldmodels.run.Preset;
import worldmodels.run.Progress;
import worldmodels.run.Provenance;
import worldmodels.study.carracing.Drive;

/** In a kernel built on the base library of IJava, and in a process without one. */
class NotebookTest {

    private static final RgbFrame FRAME = new RgbFrame(2, 1, new byte[] {1, 2, 3, 4, 5, 6});
    private static final Table TABLE = Table.create("Scores", DoubleColumn.create("return", 1.5));
    private static final Plot PLOT = new Plot("t", "x", "y").line("a", new double[] {0, 1}, new double[] {0, 1});

    @AfterEach
    void leaveNoKernelBehind() {
        IJava.run(null);
    }

    @Test
    void showsRichlyInAKernel() throws Exception {
        Kernel kernel = Kernel.running();
        Notebook.show(PLOT, FRAME, TABLE, new AnimatedGif(10, 1).panel("a", List.of(FRAME)), "text");
        assertEquals(5, kernel.shown.size());
        assertEquals(1800, picture(kernel.shown.get(0)).getWidth());
        assertEquals(6, picture(kernel.shown.get(1)).getWidth());
        assertTrue(html(kernel.shown.get(2)).contains(">1.50</td>"));
        assertTrue(html(kernel.shown.get(3)).contains("data:image/jpeg;base64,/9j/"));
        assertEquals("text", plain(kernel.shown.get(4)));
    }

    @Test
    void lastExpressionsRenderRichly() throws Exception {
        Kernel kernel = Kernel.running();
        Notebook.attach();
        assertEquals(1800, picture(kernel.getRenderer().render(PLOT)).getWidth());
        assertEquals(1800, picture(kernel.getRenderer().render(PLOT.chart())).getWidth());
        assertEquals(6, picture(kernel.getRenderer().render(FRAME.image(3))).getWidth());
        assertTrue(html(kernel.getRenderer().render(TABLE)).startsWith("<table>"));
        assertTrue(html(kernel.getRenderer().render(new ResultTable("c", TABLE))).startsWith("<table>"));
        assertTrue(html(kernel.getRenderer().render(new AnimatedGif(10, 1).panel("a", List.of(FRAME)))).contains("<img"));
        assertTrue(html(kernel.getRenderer().render(new Drive(List.of(FRAME), new float[1][2], new double[1][3], new double[] {3}))).contains("score so far"));
        Episode episode = new Episode(new byte[2 * 64 * 64 * 3], new int[] {64, 64, 3}, new float[6], new float[] {1, 2}, new boolean[2]);
        assertTrue(picture(kernel.getRenderer().render(episode)).getWidth() > 64);
        assertTrue(kernel.shown.isEmpty(), "rendering publishes nothing by itself");
    }

    @Test
    void theLibrarysSourceIsShownColouredAndPrintedPlain() {
        Kernel kernel = Kernel.running();
        Notebook.source(Plot.class, "rangeX");
        String html = html(kernel.shown.getFirst());
        assertTrue(html.contains("<b>Plot.rangeX</b> in lib/src/main/java/worldmodels/report/Plot.java, lines "), html);
        assertTrue(html.contains("font-weight:bold\">public</span> Plot rangeX("), html);
        assertFalse(html.contains("<script"), html);
        assertTrue(plain(kernel.shown.getFirst()).contains("\n\npublic Plot rangeX(double low, double high) {\n    chart."));
    }

    @Test
    void aDiagramIsAPictureWithATitle() {
        Kernel kernel = Kernel.running();
        Notebook.diagram("v-m-c");
        assertTrue(html(kernel.shown.getFirst()).startsWith("<img alt=\"A world model drives: V sees, M remembers, C acts\" width=\"760\" src=\"data:image/svg+xml;base64,"));
        assertTrue(assertThrows(KitException.class, () -> Notebook.diagram("v-m-d")).getMessage().startsWith("There is no diagram 'v-m-d'"));
    }

    @Test
    void referencesAreAListWithLinks() {
        Kernel kernel = Kernel.running();
        Notebook.references("ha2018world", "vahdat2020nvae");
        String list = kernel.shown.getFirst().getData(MIMEType.TEXT_MARKDOWN).toString();
        assertTrue(list.startsWith("- Ha and Schmidhuber (2018). [World Models](http"), list);
        assertTrue(list.contains("\n- Vahdat and Kautz (2020). [NVAE: "), list);
        assertTrue(list.endsWith("`vahdat2020nvae`"), list);
        assertTrue(assertThrows(KitException.class, () -> Notebook.references("nobody2030nothing")).getMessage().contains("no work with the key"));
        String accents = new References("@misc{a,\n  author = {S{\\o}nderby, A and Mesnil, Gr{\\'e}g and Maa, B and U{\\c{c}}ar, C},\n  title = {{A {B}}},\n}\n")
                .markdown("a");
        assertEquals("- Sønderby and others. A B. `a`", accents);
    }

    @Test
    void anExerciseIsOpenRightOrNotYetRight() {
        Kernel kernel = Kernel.running();
        Notebook.exercise("03.1", Double.NaN, 0.5, 0.01, "halve it");
        Notebook.exercise("03.1", 0.3, 0.5, 0.01, "halve it");
        Notebook.exercise("03.1", 0.505, 0.5, 0.01, "halve it");
        Notebook.exercise("03.2", null, "gas", "which pedal?");
        Notebook.exercise("03.2", "gas", "gas", "which pedal?");
        assertEquals(List.of("Exercise 03.1 is open: put your answer in this cell and run it again.", "Exercise 03.1: not yet. Hint: halve it",
                "✓ Exercise 03.1", "Exercise 03.2 is open: put your answer in this cell and run it again.", "✓ Exercise 03.2"),
                kernel.shown.stream().map(NotebookTest::plain).toList());
    }

    @Test
    void aChapterSavesWhatItHasShownWithItsProvenance(@TempDir Path folder) {
        Kernel kernel = Kernel.running();
        ResultsFolder results = new ResultsFolder(folder);
        Preset preset = Preset.named("smoke");
        Chapter chapter = new Chapter(preset, results);
        chapter.show("scores", new ResultTable("Scores", TABLE));
        chapter.show("scores", PLOT);
        chapter.remember("car", new AnimatedGif(10, 1).panel("a", List.of(FRAME)));
        assertEquals(2, kernel.shown.size());
        chapter.save(Provenance.of(preset).withSeeds(7));
        assertEquals(List.of("scores.png"), results.files("figures"));
        assertEquals(List.of("car.gif"), results.files("videos"));
        assertEquals(List.of(), results.changed());
        assertTrue(plain(kernel.shown.getLast()).endsWith(": tables/scores, figures/scores, videos/car."));
        chapter.save(Provenance.of(preset).withSeeds(7));
        assertEquals("Nothing new to save.", plain(kernel.shown.getLast()));
        assertTrue(assertThrows(KitException.class, () -> chapter.show("text", "a text")).getMessage().startsWith("'text' is no table"));
    }

    @Test
    void aPictureThatLetsThePageThroughGetsAWhiteGround() throws Exception {
        Kernel kernel = Kernel.running();
        Notebook.show(new BufferedImage(8, 4, BufferedImage.TYPE_INT_ARGB));
        BufferedImage shown = picture(kernel.shown.getFirst());
        assertEquals(8, shown.getWidth());
        assertEquals(0xffffffff, shown.getRGB(3, 2));
    }

    @Test
    void progressUpdatesOneDisplayInPlace() {
        Kernel kernel = Kernel.running();
        AtomicLong clock = new AtomicLong();
        Progress progress = new ProgressDisplay(Jupyter.find(), line -> { throw new AssertionError(line); }, clock::get, null);
        progress.start("ConvVAE training", 1000, "frames");
        for (int frame = 100; frame <= 500; frame++) {
            clock.addAndGet(10_000_000);
            progress.at(frame, "loss 41.3");
        }
        assertEquals(1, kernel.shown.size());
        String id = kernel.shown.getFirst().getDisplayId();
        assertNotNull(id);
        assertTrue(kernel.updated.stream().allMatch(update -> update.getDisplayId().equals(id)));
        assertEquals(17, kernel.updated.size(), "4 seconds at four updates a second, and the first");
        assertEquals("ConvVAE training: 50 % (500 of 1,000 frames), 100 frames/s, 5 s left, loss 41.3", plain(kernel.updated.getLast()));
        assertTrue(html(kernel.updated.getLast()).contains("value=\"50\""));
        progress.at(1000, "");
        clock.addAndGet(5_000_000_000L);
        progress.done("loss 38.2");
        assertEquals("ConvVAE training: 1,000 frames in 9 s, 99.9 frames/s, loss 38.2", plain(kernel.updated.getLast()));
    }

    @Test
    void progressDrawsItsPictureAnewWhenTheWorkMovesOn() {
        Kernel kernel = Kernel.running();
        AtomicLong clock = new AtomicLong();
        Object[] picture = {null};
        Progress progress = new ProgressDisplay(Jupyter.find(), line -> { }, clock::get, () -> picture[0]);
        progress.start("Evolution", 10, "generations");
        progress.at(0, "");
        assertEquals(1, kernel.shown.size(), "the bar alone while there is nothing to see");
        picture[0] = PLOT;
        for (int report = 0; report < 4; report++) {
            clock.addAndGet(1_000_000_000L);
            progress.at(1 + report / 2, "");
        }
        assertEquals(2, kernel.shown.size());
        String id = kernel.shown.getLast().getDisplayId();
        assertEquals(1, kernel.updated.stream().filter(update -> update.getDisplayId().equals(id)).count(), "drawn at 1 and again at 2");
    }

    @Test
    void progressIsLinesOfTextWithoutAKernel() {
        List<String> lines = new ArrayList<>();
        AtomicLong clock = new AtomicLong();
        Progress progress = new ProgressDisplay(Optional.empty(), lines::add, clock::get, null);
        progress.start("Rollouts", 400, "episodes");
        for (int episode = 390; episode <= 400; episode++) {
            progress.at(episode, "");
            clock.addAndGet(2_000_000_000L);
        }
        progress.done("");
        assertEquals(List.of("Rollouts: 97 % (390 of 400 episodes)",
                "Rollouts: 98 % (393 of 400 episodes), 30.0 episodes/min, 14 s left",
                "Rollouts: 99 % (396 of 400 episodes), 30.0 episodes/min, 8 s left",
                "Rollouts: 99 % (399 of 400 episodes), 30.0 episodes/min, 2 s left",
                "Rollouts: 400 episodes in 22 s, 27.3 episodes/min"), lines);
    }

    @Test
    void printsTextOutsideACell() throws Exception {
        Kernel kernel = Kernel.running();
        kernel.cellEnds();
        String text = printed(() -> {
            Notebook.show(TABLE);
            Notebook.check(true, "the sky is up");
            Notebook.shapes("frame", new int[] {3, 64, 64}, "z", "(32)");
        });
        assertEquals("""
                Scores
                return
                  1.50

                ✓ the sky is up
                Shape walk
                tensor  shape
                frame   (3, 64, 64)
                z       (32)

                """, text);
        assertTrue(kernel.shown.isEmpty());
    }

    @Test
    void checksTickOrThrow() {
        Kernel kernel = Kernel.running();
        Notebook.check(1.23, 0, 1.419, "NLL per dimension");
        assertEquals("✓ NLL per dimension is 1.23, expected from 0.0 to 1.419", plain(kernel.shown.getFirst()));
        assertThrows(KitException.class, () -> Notebook.check(Double.NaN, 0, 1, "NLL"));
        KitException e = assertThrows(KitException.class, () -> Notebook.check(false, "the car moved"));
        assertEquals("Check failed: it is not true that the car moved.", e.getMessage());
        assertEquals(1, kernel.shown.size());
    }

    @Test
    void provenanceNamesTheKernelWhereThereIsOne() {
        assertFalse(Notebook.provenance(Preset.named("smoke")).versions().containsKey("kernel"));
        Kernel.running();
        assertTrue(Notebook.provenance(Preset.named("smoke")).versions().get("kernel").startsWith("IJava"));
    }

    @Test
    void noKernelIsFoundInAnOrdinaryProcess() {
        assertTrue(Jupyter.find().isEmpty());
        assertNull(IJava.getKernelInstance());
    }

    private static BufferedImage picture(DisplayData data) throws Exception {
        byte[] png = Base64.getDecoder().decode(data.getData(MIMEType.IMAGE_PNG).toString());
        return ImageIO.read(new ByteArrayInputStream(png));
    }

    private static String html(DisplayData data) {
        return data.getData(MIMEType.TEXT_HTML).toString();
    }

    private static String plain(DisplayData data) {
        return data.getData(MIMEType.TEXT_PLAIN).toString();
    }

    private static String printed(Runnable cell) {
        PrintStream before = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            cell.run();
        } finally {
            System.setOut(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** A kernel of the real base library whose messages are kept instead of sent. */
    private static final class Kernel extends BaseKernel {

        final List<DisplayData> shown = new ArrayList<>();
        final List<DisplayData> updated = new ArrayList<>();
        private final CellIo io = new CellIo();
        private final ShellReplyEnvironment cell = new ShellReplyEnvironment(null, null, null, null) {
            @Override
            public <T extends ContentType<T>> void publish(T content) {
                if (content instanceof PublishUpdateDisplayData update) {
                    updated.add(update);
                } else if (content instanceof PublishDisplayData display) {
                    shown.add(display);
                }
            }
        };

        static Kernel running() {
            Kernel kernel = new Kernel();
            kernel.io.setEnv(kernel.cell);
            IJava.run(kernel);
            return kernel;
        }

        void cellEnds() {
            io.retractEnv(cell);
        }

        @Override
        public JupyterIO getIO() {
            return io;
        }

        @Override
        public DisplayData eval(String code) {
            return null;
        }

        @Override
        public LanguageInfo getLanguageInfo() {
            return null;
        }
    }

    /** Opens what the base library keeps to its own package. */
    private static final class CellIo extends JupyterIO {
        @Override
        protected void setEnv(ShellReplyEnvironment cell) {
            super.setEnv(cell);
        }

        @Override
        protected void retractEnv(ShellReplyEnvironment cell) {
            super.retractEnv(cell);
        }
    }
}
