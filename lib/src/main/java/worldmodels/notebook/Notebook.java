package worldmodels.notebook;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.knowm.xchart.internal.chartpart.Chart;
import tech.tablesaw.api.Table;
import worldmodels.data.Episode;
import worldmodels.report.AnimatedGif;
import worldmodels.report.Columns;
import worldmodels.report.ComparisonTable;
import worldmodels.report.Figure;
import worldmodels.report.Html;
import worldmodels.report.Interactive;
import worldmodels.report.ResultTable;
import worldmodels.report.RgbFrame;
import worldmodels.run.KitException;
import worldmodels.run.Preset;
import worldmodels.run.Progress;
import worldmodels.run.Provenance;
import worldmodels.run.Stage;
import worldmodels.study.carracing.Drive;

/**
 * What cells call. Everything is shown in the notebook when a cell is running, and printed as plain text otherwise. The methods return
 * nothing, so that a cell which ends with one echoes nothing.
 */
public final class Notebook {

    private static final String SOURCE_STYLE = "background:#f6f8fa;color:#1b1f23;border:1px solid #d0d7de;padding:8px;line-height:1.35;"
            + "font-size:12px;overflow-x:auto";

    private static Jupyter attached;

    private Notebook() {}

    /**
     * Lets figures, charts, tables, episodes and drives show themselves when they are the last expression of a cell. Every other method
     * here does so too, and the kit's own kernel when it starts, so this is for the start-up script of another. Does nothing outside a kernel.
     */
    public static void attach() {
        kernel();
    }

    /**
     * Shows figures, pictures, charts, tables, animations with their player (as the bytes of a GIF file without one; pictures also as those of a PNG file),
     * frames, episodes, drives, what answers its reader, and texts, one below the other.
     */
    public static void show(Object... things) {
        for (Object thing : things) {
            emit(MimeBundle.of(thing));
        }
    }

    /** @param text in Markdown, equations between dollar signs */
    public static void markdown(String text) {
        emit(MimeBundle.with(MimeBundle.MARKDOWN, text, text));
    }

    public static void html(String html) {
        emit(MimeBundle.with(MimeBundle.HTML, html, html.replaceAll("<[^>]*>", " ").strip()));
    }

    /** A listener for long work; may be used again for the next piece of work. */
    public static Progress progress() {
        return new ProgressDisplay(kernel(), System.out::println, System::nanoTime, null);
    }

    /**
     * As {@link #progress()}, with a picture under the bar, drawn anew whenever the work has moved on by a unit.
     *
     * @param picture what {@link #show} shows; null while there is nothing to see
     */
    public static Progress progress(Supplier<?> picture) {
        return new ProgressDisplay(kernel(), System.out::println, System::nanoTime, picture);
    }

    /**
     * A check cell: what should be true now.
     *
     * @param claim a sentence without its full stop, e.g. {@code "the track of seed 42 has 283 tiles"}
     * @throws KitException if it is not
     */
    public static void check(boolean holds, String claim) {
        if (!holds) {
            throw new KitException("Check failed: it is not true that " + claim + ".");
        }
        tick(claim);
    }

    /**
     * A check cell: a number that should lie between two others, ends included.
     *
     * @param what the number is, e.g. {@code "NLL per dimension"}
     * @throws KitException if it does not, or is not a number
     */
    public static void check(double value, double low, double high, String what) {
        if (!(value >= low && value <= high)) {
            throw new KitException("Check failed: " + what + " is " + value + ", expected from " + low + " to " + high + ".");
        }
        tick(what + " is " + value + ", expected from " + low + " to " + high);
    }

    /**
     * A shape walk: what goes in, what each layer makes of it, what comes out.
     *
     * @param walk names and shapes in turn; a shape is a tensor, an array of decimals, a DJL shape, an array of sizes or a text
     */
    public static void shapes(Object... walk) {
        if (walk.length % 2 != 0) {
            throw new KitException("A shape walk has names and shapes in turn; the last of these " + walk.length + " has no partner.");
        }
        Columns columns = new Columns("tensor", "shape");
        for (int i = 0; i < walk.length; i += 2) {
            columns.add(walk[i].toString(), shape(walk[i + 1]));
        }
        show(columns.table("Shape walk"));
    }

    /**
     * The library's own source, as it stands in its file: a method with its comment, a field, a nested type, or a class as a whole.
     *
     * @param members names; a method's with its types, as in {@code "at(int, long)"}, for one of several overloads; none for the class
     * @throws KitException if the class is not the kit's, or has no such member
     */
    public static void source(Class<?> type, String... members) {
        for (SourceText source : SourceText.of(type, members)) {
            String where = source.file() + ", lines " + source.first() + " to " + source.last();
            String link = Pages.link(source.file())
                    .map(to -> "<a href=\"" + Html.escaped(to) + "\">" + source.file() + "</a>").orElse(source.file());
            emit(MimeBundle.with(MimeBundle.HTML, "<div class=\"wm-source\"><div style=\"font-size:small\"><b>" + source.name() + "</b> in "
                    + link + ", lines " + source.first() + " to " + source.last() + "</div><pre style=\"" + SOURCE_STYLE + "\">"
                    + Highlighted.html(source.text()) + "</pre></div>", source.name() + " in " + where + "\n\n" + source.text() + "\n"));
        }
    }

    /**
     * One of the kit's diagrams, e.g. {@code "v-m-c"}.
     *
     * @throws KitException if there is none of that name
     */
    public static void diagram(String name) {
        Diagram diagram = Diagram.of(name);
        emit(MimeBundle.with(MimeBundle.HTML, diagram.html(), "[diagram: " + diagram.title() + "]"));
    }

    /**
     * A chapter's references, as a list with links.
     *
     * @param keys of {@code references.bib}
     * @throws KitException if it has no such key
     */
    public static void references(String... keys) {
        markdown(References.packed().markdown(keys));
    }

    /**
     * The check cell of a fill-in exercise with a number for an answer. A wrong answer is told so, with a hint, and stops nothing.
     *
     * @param number as in the text, e.g. {@code "03.1"}
     * @param yours  NaN as long as the exercise is open
     */
    public static void exercise(String number, double yours, double expected, double tolerance, String hint) {
        answered(number, Double.isNaN(yours), Math.abs(yours - expected) <= tolerance, hint);
    }

    /**
     * As {@link #exercise(String, double, double, double, String)}, for any other answer.
     *
     * @param yours null as long as the exercise is open
     */
    public static void exercise(String number, Object yours, Object expected, String hint) {
        answered(number, yours == null, expected.equals(yours), hint);
    }

    private static void answered(String number, boolean open, boolean right, String hint) {
        if (right) {
            tick("Exercise " + number);
        } else {
            show("Exercise " + number + (open ? " is open: put your answer in this cell and run it again." : ": not yet. Hint: " + hint));
        }
    }

    /** A shape walk of tensors by their names, as {@code VisionModel.walk} has it. */
    public static void shapes(Map<String, NDArray> walk) {
        shapes(walk.entrySet().stream().flatMap(step -> Stream.of(step.getKey(), step.getValue())).toArray());
    }

    /** Provenance of what this notebook makes: {@link Provenance#of} and the kernel. */
    public static Provenance provenance(Preset preset, Stage... stages) {
        Provenance provenance = Provenance.of(preset, stages);
        return kernel().map(kernel -> provenance.withVersion("kernel", kernel.name())).orElse(provenance);
    }

    private static void tick(String claim) {
        emit(MimeBundle.with(MimeBundle.HTML, "<div><b style=\"color:#009e73\">✓</b> " + Html.escaped(claim) + "</div>", "✓ " + claim));
    }

    private static String shape(Object shape) {
        return switch (shape) {
            case NDArray tensor -> tensor.getShape().toString();
            case Shape sizes -> sizes.toString();
            case int[] sizes -> Arrays.toString(sizes).replace('[', '(').replace(']', ')');
            case long[] sizes -> Arrays.toString(sizes).replace('[', '(').replace(']', ')');
            case float[] values -> "(" + values.length + ")";
            case double[] values -> "(" + values.length + ")";
            case float[][] values -> "(" + values.length + ", " + values[0].length + ")";
            case double[][] values -> "(" + values.length + ", " + values[0].length + ")";
            default -> shape.toString();
        };
    }

    private static void emit(MimeBundle bundle) {
        kernel().ifPresentOrElse(kernel -> kernel.show(bundle), () -> System.out.println(bundle.text()));
    }

    /** The kernel, if a cell of it is running. */
    private static synchronized Optional<Jupyter> kernel() {
        Optional<Jupyter> kernel = Jupyter.find();
        if (kernel.isPresent() && (attached == null || !attached.is(kernel.get()))) {
            attached = kernel.get();
            register(attached);
        }
        return kernel.filter(Jupyter::isListening);
    }

    private static void register(Jupyter kernel) {
        for (Class<?> picture : List.of(Figure.class, Chart.class, BufferedImage.class, RgbFrame.class, Episode.class)) {
            kernel.render(picture, MimeBundle.PNG, MimeBundle::of);
        }
        for (Class<?> html : List.of(ResultTable.class, ComparisonTable.class, Table.class, AnimatedGif.class, Drive.class, Interactive.class)) {
            kernel.render(html, MimeBundle.HTML, MimeBundle::of);
        }
    }
}
