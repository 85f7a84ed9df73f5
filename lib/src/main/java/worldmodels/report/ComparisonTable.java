package worldmodels.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import worldmodels.evaluation.Summary;
import worldmodels.run.KitException;

/**
 * Ours, the published number and the difference, row by row. A row of ours names its run; a row may also hold a published number only.
 *
 * @param caption  one sentence over the table
 * @param rows     from top to bottom
 * @param measures further columns of ours
 */
public record ComparisonTable(String caption, List<Row> rows, List<Measure> measures) {

    /**
     * A column that only some tables have, e.g. how many laps were finished.
     *
     * @param name  over the column
     * @param byRow its number by the row's name; rows without one have none
     */
    public record Measure(String name, Map<String, Double> byRow) {

        private double of(Row row) {
            return byRow.getOrDefault(row.name, Double.NaN);
        }
    }

    /**
     * @param name      what the row is, e.g. {@code z and h, 867 parameters}
     * @param ours      empty where the kit has not run it
     * @param published empty where no paper has it
     * @param run       where ours comes from: preset, environment version and key, e.g. {@code smoke, CarRacing-v2, 3f2a91c0de55}
     */
    public record Row(String name, Optional<Summary> ours, Optional<Published> published, String run) {

        public Row {
            if (ours.isPresent() && run.isBlank()) {
                throw new KitException("Row '" + name + "' has a number of ours but names no run; say preset, environment and key.");
            }
        }

        private String difference() {
            return ours.isEmpty() || published.isEmpty() ? Numbers.ABSENT : Numbers.signed(gap());
        }

        private double gap() {
            return ours.isEmpty() || published.isEmpty() ? Double.NaN : ours.get().mean() - published.get().mean().doubleValue();
        }
    }

    public ComparisonTable {
        rows = List.copyOf(rows);
        measures = List.copyOf(measures);
    }

    public ComparisonTable(String caption) {
        this(caption, List.of(), List.of());
    }

    /** With one more row: ours beside the published number. */
    public ComparisonTable with(String name, Summary ours, Published published, String run) {
        return with(new Row(name, Optional.of(ours), Optional.of(published), run));
    }

    /** With one more row that no paper has. */
    public ComparisonTable with(String name, Summary ours, String run) {
        return with(new Row(name, Optional.of(ours), Optional.empty(), run));
    }

    /** With one more row that the kit has not run. */
    public ComparisonTable with(Published published) {
        return with(new Row(published.row(), Optional.empty(), Optional.of(published), ""));
    }

    private ComparisonTable with(Row row) {
        List<Row> more = new ArrayList<>(rows);
        more.add(row);
        return new ComparisonTable(caption, more, measures);
    }

    /** With one more column. */
    public ComparisonTable with(Measure measure) {
        List<Measure> more = new ArrayList<>(measures);
        more.add(measure);
        return new ComparisonTable(caption, rows, more);
    }

    /**
     * People read {@code mean [low, high]} of the 95 % interval, SD over episodes, median, interquartile mean, n episodes, k training seeds, and the published
     * number as given; programs read one number per column.
     */
    public ResultTable table() {
        Table shown = Table.create(caption,
                texts("row", Row::name),
                texts("ours", ofOurs(ours -> Numbers.text(ours.mean()) + " [" + Numbers.text(ours.low()) + ", " + Numbers.text(ours.high()) + "]")),
                texts("SD", ofOurs(ours -> Numbers.text(ours.sd()))),
                texts("median", ofOurs(ours -> Numbers.text(ours.median()))),
                texts("IQM", ofOurs(ours -> Numbers.text(ours.iqm()))));
        measures.forEach(measure -> shown.addColumns(texts(measure.name, row -> Numbers.text(measure.of(row)))));
        shown.addColumns(
                texts("n", ofOurs(ours -> String.valueOf(ours.n()))),
                texts("k", ofOurs(ours -> String.valueOf(ours.k()))),
                texts("published", row -> row.published().map(Published::text).orElse(Numbers.ABSENT)),
                texts("difference", Row::difference),
                texts("run", row -> row.run().isEmpty() ? Numbers.ABSENT : row.run()));
        Table data = Table.create(caption,
                texts("row", Row::name),
                numbers("mean", Summary::mean),
                numbers("low", Summary::low),
                numbers("high", Summary::high),
                numbers("sd", Summary::sd),
                numbers("median", Summary::median),
                numbers("iqm", Summary::iqm));
        measures.forEach(measure -> data.addColumns(DoubleColumn.create(measure.name, rows.stream().mapToDouble(measure::of))));
        data.addColumns(
                counts("n", Summary::n),
                counts("k", Summary::k),
                texts("published", row -> row.published().map(p -> p.mean().toPlainString()).orElse("")),
                texts("published_plus_minus", row -> row.published().flatMap(Published::plusMinus).map(Object::toString).orElse("")),
                DoubleColumn.create("difference", rows.stream().mapToDouble(Row::gap)),
                texts("run", Row::run),
                texts("source", row -> row.published().map(Published::source).orElse("")));
        return new ResultTable(caption, shown, data);
    }

    private static Function<Row, String> ofOurs(Function<Summary, String> text) {
        return row -> row.ours().map(text).orElse(Numbers.ABSENT);
    }

    private StringColumn texts(String name, Function<Row, String> cell) {
        return StringColumn.create(name, rows.stream().map(cell));
    }

    private DoubleColumn numbers(String name, ToDoubleFunction<Summary> cell) {
        return DoubleColumn.create(name, rows.stream().mapToDouble(row -> row.ours().map(cell::applyAsDouble).orElse(Double.NaN)));
    }

    private IntColumn counts(String name, Function<Summary, Integer> cell) {
        IntColumn column = IntColumn.create(name);
        rows.forEach(row -> row.ours().map(cell).ifPresentOrElse(column::append, column::appendMissing));
        return column;
    }
}
