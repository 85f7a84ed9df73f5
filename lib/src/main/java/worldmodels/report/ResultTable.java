package worldmodels.report;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;
import worldmodels.run.KitException;

/**
 * A table ready to be read: in a notebook (HTML), in a README (Markdown), in a course report (LaTeX, package booktabs), in a terminal
 * (text), by a program (CSV).
 *
 * @param caption one sentence over the table
 * @param shown   what people read
 * @param data    what programs read: the same rows with every number in a column of its own
 */
public record ResultTable(String caption, Table shown, Table data) {

    public ResultTable(String caption, Table table) {
        this(caption, table, table);
    }

    /** A table of texts, e.g. settings and their values; columns in the map's order. */
    public static ResultTable ofText(String caption, Map<String, List<String>> columns) {
        return new ResultTable(caption, Table.create(caption, columns.entrySet().stream()
                .<Column<?>>map(column -> StringColumn.create(column.getKey(), column.getValue())).toList()));
    }

    /**
     * A table as {@link #markdown} and {@link #csv} wrote it.
     *
     * @throws KitException if the text is not such a table
     */
    public static ResultTable read(String markdown, String csv) {
        List<String> lines = markdown.lines().toList();
        boolean isTable = lines.size() >= 4 && lines.getFirst().matches("\\*\\*.*\\*\\*") && lines.stream().skip(2).allMatch(l -> l.startsWith("|"));
        if (!isTable) {
            throw new KitException("'" + lines.stream().findFirst().orElse("") + "' does not begin a table of the kit; write the table again.");
        }
        String caption = lines.getFirst().replaceAll("^\\*\\*|\\*\\*$", "");
        List<String> names = markdownCells(lines.get(2));
        List<List<String>> rows = lines.stream().skip(4).map(ResultTable::markdownCells).toList();
        Table shown = Table.create(caption);
        for (int i = 0; i < names.size(); i++) {
            int column = i;
            shown.addColumns(StringColumn.create(names.get(i), rows.stream().map(row -> row.get(column)).toList()));
        }
        return new ResultTable(caption, shown, Table.read().csv(new StringReader(csv)));
    }

    /** The cells of one line; a bar inside a cell has a backslash before it. */
    private static List<String> markdownCells(String line) {
        String inner = line.replaceAll("^\\| | \\|$", "");
        return Stream.of(inner.split(" \\| ", -1)).map(cell -> cell.replaceAll("\\\\(.)", "$1")).toList();
    }

    /** Comma-separated, quoted where needed, numbers in full, no caption. */
    public String csv() {
        UnaryOperator<String> quoted = cell -> cell.matches("(?s).*[\",\n\r].*") ? '"' + cell.replace("\"", "\"\"") + '"' : cell;
        return cells(data, ResultTable::exact).stream().map(row -> line(row, quoted, "", ",", "\n")).collect(Collectors.joining());
    }

    /** A GitHub table under its caption; columns of numbers are right-aligned. */
    public String markdown() {
        UnaryOperator<String> escaped = cell -> cell.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ");
        List<String> lines = new ArrayList<>();
        cells(shown, ResultTable::rounded).forEach(row -> lines.add(line(row, escaped, "| ", " | ", " |\n")));
        lines.add(1, line(shown.columns().stream().map(column -> isNumbers(column) ? "---:" : ":---").toList(),
                UnaryOperator.identity(), "| ", " | ", " |\n"));
        return "**" + caption + "**\n\n" + String.join("", lines);
    }

    /** A floating table with booktabs rules; text is escaped. */
    public String latex() {
        List<String> lines = new ArrayList<>();
        cells(shown, ResultTable::rounded).forEach(row -> lines.add(line(row, ResultTable::latex, "", " & ", " \\\\\n")));
        lines.add(1, "\\midrule\n");
        String alignment = shown.columns().stream().map(column -> isNumbers(column) ? "r" : "l").collect(Collectors.joining());
        return "\\begin{table}\n\\centering\n\\caption{" + latex(caption) + "}\n\\begin{tabular}{" + alignment + "}\n\\toprule\n"
                + String.join("", lines) + "\\bottomrule\n\\end{tabular}\n\\end{table}\n";
    }

    /** A table element for notebooks. */
    public String html() {
        List<List<String>> cells = cells(shown, ResultTable::rounded);
        StringBuilder html = new StringBuilder("<table><caption style=\"text-align:left;font-weight:bold\">")
                .append(Html.escaped(caption)).append("</caption>\n");
        for (List<String> row : cells) {
            String tag = row == cells.getFirst() ? "th" : "td";
            html.append("<tr>");
            for (int i = 0; i < row.size(); i++) {
                html.append('<').append(tag).append(" style=\"text-align:")
                        .append(isNumbers(shown.column(i)) ? "right;white-space:nowrap" : "left").append("\">")
                        .append(Html.escaped(row.get(i))).append("</").append(tag).append('>');
            }
            html.append("</tr>\n");
        }
        return html.append("</table>").toString();
    }

    /** Columns padded to equal width, for a terminal. */
    public String text() {
        List<List<String>> cells = cells(shown, ResultTable::rounded);
        int[] widths = IntStream.range(0, shown.columnCount())
                .map(i -> cells.stream().mapToInt(row -> row.get(i).length()).max().orElse(0)).toArray();
        StringBuilder text = new StringBuilder(caption).append('\n');
        for (List<String> row : cells) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String gap = " ".repeat(widths[i] - row.get(i).length());
                line.append(isNumbers(shown.column(i)) ? gap + row.get(i) : row.get(i) + gap).append("  ");
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    @Override
    public String toString() {
        return text();
    }

    private interface Cell {
        String text(Column<?> column, int row);
    }

    /** The column names, then the rows. */
    private static List<List<String>> cells(Table table, Cell cell) {
        List<List<String>> cells = new ArrayList<>(List.of(table.columnNames()));
        for (int row = 0; row < table.rowCount(); row++) {
            int r = row;
            cells.add(table.columns().stream().map(column -> cell.text(column, r)).toList());
        }
        return cells;
    }

    private static String exact(Column<?> column, int row) {
        return column.isMissing(row) ? "" : String.valueOf(column.get(row));
    }

    private static String rounded(Column<?> column, int row) {
        if (column instanceof NumericColumn<?> numbers) {
            return Numbers.text(column.isMissing(row) ? Double.NaN : numbers.getDouble(row));
        }
        return exact(column, row);
    }

    /** Whether the column holds numbers, in whatever way they are written. */
    private static boolean isNumbers(Column<?> column) {
        return column instanceof NumericColumn<?>
                || !column.isEmpty() && IntStream.range(0, column.size()).mapToObj(column::getString)
                        .allMatch(cell -> cell.matches("([-+]?[\\d∞].*|" + Numbers.ABSENT + "|)"));
    }

    private static String line(List<String> cells, UnaryOperator<String> escape, String start, String between, String end) {
        return cells.stream().map(escape).collect(Collectors.joining(between, start, end));
    }

    private static String latex(String text) {
        StringBuilder escaped = new StringBuilder();
        text.codePoints().forEach(c -> escaped.append(switch (c) {
            case '&', '%', '$', '#', '_', '{', '}' -> "\\" + (char) c;
            case '\\' -> "\\textbackslash{}";
            case '~' -> "\\textasciitilde{}";
            case '^' -> "\\textasciicircum{}";
            case '<' -> "$<$";
            case '>' -> "$>$";
            case '±' -> "$\\pm$";
            case '×' -> "$\\times$";
            case '∞' -> "$\\infty$";
            case '·' -> "$\\cdot$";
            case '–' -> "--";
            case '\n' -> " ";
            default -> Character.toString(c);
        }));
        return escaped.toString();
    }
}
