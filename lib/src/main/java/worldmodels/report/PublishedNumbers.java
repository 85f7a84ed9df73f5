package worldmodels.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;
import tech.tablesaw.io.csv.CsvReadOptions;
import worldmodels.run.KitException;

/** The numbers of one group of papers, from {@code results/published/}, which the library carries. */
public final class PublishedNumbers {

    private final String name;
    private final SequencedMap<String, Published> byId;

    private PublishedNumbers(String name, SequencedMap<String, Published> byId) {
        this.name = name;
        this.byId = Collections.unmodifiableSequencedMap(byId);
    }

    /**
     * @param name of the file, e.g. {@code world-models}
     * @throws KitException if there is no such file or a row of it cannot be read
     */
    public static PublishedNumbers of(String name) {
        SequencedMap<String, Published> byId = new LinkedHashMap<>();
        for (Row row : read(name)) {
            Published number = published(name, row);
            if (byId.put(number.id(), number) != null) {
                throw new KitException("results/published/" + name + ".csv has two rows '" + number.id() + "'; rename one.");
            }
        }
        return new PublishedNumbers(name, byId);
    }

    /** @throws KitException if there is no number of that id */
    public Published number(String id) {
        return Optional.ofNullable(byId.get(id)).orElseThrow(() -> new KitException("There is no published number '" + id + "' in "
                + "results/published/" + name + ".csv; it has " + String.join(", ", byId.keySet()) + "."));
    }

    /** All of them, in the file's order. */
    public Collection<Published> all() {
        return byId.values();
    }

    /**
     * A published curve, e.g. a score against what it cost.
     *
     * @param name of the file, e.g. {@code world-models-curve}
     * @param x    the column that the curve runs over; rows without a value there are left out
     * @return the columns x and y
     */
    public static double[][] curve(String name, String x, String y) {
        Table table = read(name);
        Table complete = table.where(table.stringColumn(x).isNotEqualTo(""));
        return new double[][] {numbers(complete, x), numbers(complete, y)};
    }

    /**
     * A published table as its source prints it, e.g. with values that were read off a figure.
     *
     * @param name of the file, e.g. {@code planet}
     * @return rows from top to bottom, each with its cells by column
     */
    public static List<Map<String, String>> asGiven(String name) {
        List<Map<String, String>> rows = new ArrayList<>();
        for (Row row : read(name)) {
            Map<String, String> cells = new LinkedHashMap<>();
            row.columnNames().forEach(column -> cells.put(column, row.getString(column)));
            rows.add(cells);
        }
        return rows;
    }

    private static double[] numbers(Table table, String column) {
        return table.stringColumn(column).asList().stream().mapToDouble(Double::parseDouble).toArray();
    }

    private static Table read(String name) {
        String resource = "/worldmodels/published/" + name + ".csv";
        try (InputStream in = PublishedNumbers.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new KitException("There are no published numbers '" + name + "'; add results/published/" + name
                        + ".csv and build the kit again.");
            }
            return Table.read().usingOptions(CsvReadOptions.builder(new InputStreamReader(in, StandardCharsets.UTF_8))
                    .columnTypes(column -> ColumnType.STRING));
        } catch (IOException e) {
            throw new KitException("Cannot read " + resource + "; build the kit again.", e);
        }
    }

    private static Published published(String name, Row row) {
        try {
            return new Published(row.getString("id"), row.getString("row"), new BigDecimal(row.getString("mean")),
                    Optional.of(row.getString("plus_minus")).filter(text -> !text.isEmpty()).map(BigDecimal::new),
                    row.getString("meaning"), row.getString("n"), row.getString("environment"), row.getString("source"));
        } catch (NumberFormatException e) {
            throw new KitException("Row '" + row.getString("id") + "' of results/published/" + name
                    + ".csv has a mean or plus_minus that is not a number; write it as in its source.", e);
        }
    }
}
