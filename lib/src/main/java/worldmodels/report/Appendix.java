package worldmodels.report;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import worldmodels.run.KitException;
import worldmodels.run.Provenance;

/**
 * Everything in a {@link ResultsFolder} as one piece of HTML that needs no other file: each table with its CSV and LaTeX to download, each figure
 * and animation, and under each the run it came from. The end of a report.
 */
public final class Appendix {

    /** A heading, and what the names of its artefacts begin with. */
    private record Chapter(String title, List<String> beginnings) {

        boolean holds(String file) {
            return beginnings.stream().anyMatch(file::startsWith);
        }
    }

    /** In the order of the notebooks; the last takes what no other does. */
    private static final List<Chapter> CHAPTERS = List.of(
            new Chapter("Settings", List.of("preset")),
            new Chapter("Rollouts", List.of("rollout", "coverage")),
            new Chapter("Vision", List.of("vision")),
            new Chapter("Memory", List.of("memory")),
            new Chapter("Controller", List.of("controller", "drive")),
            new Chapter("World Models", List.of("world-models", "episodes")),
            new Chapter("PlaNet", List.of("planet")),
            new Chapter("More results", List.of("")));

    private final ResultsFolder results;
    private final StringBuilder html = new StringBuilder();

    private Appendix(ResultsFolder results) {
        this.results = results;
    }

    /** @throws KitException if there is nothing in the folder, or a file is not the one that its provenance tells of */
    public static String html(ResultsFolder results) {
        Appendix appendix = new Appendix(results);
        List<String> tables = new ArrayList<>(results.files("tables").stream().filter(file -> !file.matches(".*\\.(md|tex)")).toList());
        List<String> figures = new ArrayList<>(results.files("figures"));
        List<String> videos = new ArrayList<>(results.files("videos"));
        if (tables.isEmpty() && figures.isEmpty() && videos.isEmpty()) {
            throw new KitException("There are no results in " + results.path() + "; run the notebooks first.");
        }
        for (Chapter chapter : CHAPTERS) {
            appendix.chapter(chapter.title(), taken(chapter, tables), taken(chapter, figures), taken(chapter, videos));
        }
        return appendix.html.toString();
    }

    /** Removes a chapter's files from those that are left. */
    private static List<String> taken(Chapter chapter, List<String> left) {
        List<String> own = left.stream().filter(chapter::holds).toList();
        left.removeAll(own);
        return own;
    }

    private void chapter(String title, List<String> tables, List<String> figures, List<String> videos) {
        if (tables.isEmpty() && figures.isEmpty() && videos.isEmpty()) {
            return;
        }
        html.append("<h3>").append(title).append("</h3>\n");
        tables.forEach(this::table);
        figures.forEach(file -> picture("figures", file, "image/png"));
        videos.forEach(file -> picture("videos", file, "image/gif"));
    }

    private void table(String csv) {
        String name = ResultsFolder.name(csv);
        boolean isForReading = results.files("tables").contains(name + ".md");
        html.append("<div style=\"margin:1.5em 0;overflow-x:auto\">\n");
        html.append(isForReading ? results.table(name).html() : "<b>" + words(name) + "</b>").append("<div>");
        download("tables", csv, "CSV");
        if (isForReading) {
            html.append(" · ");
            download("tables", name + ".tex", "LaTeX");
        }
        html.append("</div>\n");
        origin("tables", name);
        html.append("</div>\n");
    }

    private void picture(String section, String file, String type) {
        String name = ResultsFolder.name(file);
        html.append("<figure style=\"margin:1.5em 0\"><figcaption><b>").append(words(name)).append("</b></figcaption><img alt=\"")
                .append(words(name)).append("\" style=\"max-width:min(100%,900px)\" src=\"").append(data(type, results.read(section, file))).append("\"/>\n");
        origin(section, name);
        html.append("</figure>\n");
    }

    private void download(String section, String file, String label) {
        html.append("<a download=\"").append(file).append("\" href=\"").append(data("text/plain", results.read(section, file))).append("\">")
                .append(label).append("</a>");
    }

    /** One line that names the run, and the whole record behind it. */
    private void origin(String section, String name) {
        Provenance run = results.provenance(section, name);
        html.append("<details style=\"color:#666;font-size:85%\"><summary>").append(Html.escaped(run.summary()))
                .append("</summary><pre style=\"white-space:pre-wrap\">").append(Html.escaped(run.toJson())).append("</pre></details>\n");
    }

    private static String words(String name) {
        String text = name.replace('-', ' ');
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    private static String data(String type, byte[] content) {
        return "data:" + type + ";base64," + Base64.getEncoder().encodeToString(content);
    }
}
