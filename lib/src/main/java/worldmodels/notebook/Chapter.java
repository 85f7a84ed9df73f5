package worldmodels.notebook;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.knowm.xchart.internal.chartpart.Chart;
import worldmodels.report.AnimatedGif;
import worldmodels.report.Figure;
import worldmodels.report.Interactive;
import worldmodels.report.ResultTable;
import worldmodels.report.ResultsFolder;
import worldmodels.run.KitException;
import worldmodels.run.Preset;
import worldmodels.run.Provenance;
import worldmodels.run.Stage;

/**
 * What a notebook makes: shown where it is made, and saved in one line at the end, with what it comes from.
 *
 * <pre>{@code
 * Chapter chapter = new Chapter(experiment.preset());
 * chapter.show("coverage", table);
 * chapter.save(experiment.rollouts());
 * }</pre>
 */
public final class Chapter {

    private final Preset preset;
    private final ResultsFolder results;
    private final SequencedMap<String, Object> unsaved = new LinkedHashMap<>();

    public Chapter(Preset preset) {
        this(preset, ResultsFolder.of(preset));
    }

    Chapter(Preset preset, ResultsFolder results) {
        this.preset = preset;
        this.results = results;
    }

    public ResultsFolder results() {
        return results;
    }

    /**
     * Shows a table, a figure, an animation or what answers its reader, and remembers it for {@link #save} under that name.
     *
     * @param name lower-case words joined by '-'; one that a table and a figure share is fine
     */
    public void show(String name, Object result) {
        remember(name, result);
        Notebook.show(result);
    }

    /** As {@link #show}, for what need not be seen. */
    public void remember(String name, Object result) {
        unsaved.put(section(name, result) + "/" + name, result);
    }

    /** Writes what was shown since the last time to {@code results/<preset>}, each with these stages as its provenance. */
    public void save(Stage... stages) {
        save(Notebook.provenance(preset, stages));
    }

    /** As {@link #save(Stage...)}, for a provenance that says more, e.g. on which seeds was tested. */
    public void save(Provenance provenance) {
        unsaved.forEach((place, result) -> {
            String name = place.substring(place.indexOf('/') + 1);
            switch (result) {
                case ResultTable table -> results.table(name, table, provenance);
                case AnimatedGif animation -> results.video(name, animation, provenance);
                case Interactive page -> results.page(name, page, provenance);
                case Chart<?, ?> chart -> results.figure(name, Figure.of(chart), provenance);
                default -> results.figure(name, (Figure) result, provenance);
            }
        });
        Notebook.show(unsaved.isEmpty() ? "Nothing new to save."
                : "Saved in results/" + results.path().getFileName() + ": " + String.join(", ", unsaved.keySet()) + ".");
        unsaved.clear();
    }

    private static String section(String name, Object result) {
        return switch (result) {
            case ResultTable _ -> "tables";
            case AnimatedGif _ -> "videos";
            case Interactive _ -> "pages";
            case Figure _, Chart<?, ?> _ -> "figures";
            case null, default -> throw new KitException("'" + name + "' is no table, figure or animation that could be saved; show it with "
                    + "Notebook.show.");
        };
    }
}
