package worldmodels.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A table of texts under way, row by row. */
public final class Columns {

    private final Map<String, List<String>> cells = new LinkedHashMap<>();

    public Columns(String... names) {
        this(List.of(names));
    }

    public Columns(List<String> names) {
        names.forEach(name -> cells.put(name, new ArrayList<>()));
    }

    /** @param row one cell per column */
    public Columns add(String... row) {
        return add(List.of(row));
    }

    public Columns add(List<String> row) {
        if (row.size() != cells.size()) {
            throw new IllegalArgumentException("A row of " + row.size() + " cells in a table of " + cells.size() + " columns: " + row);
        }
        int i = 0;
        for (List<String> column : cells.values()) {
            column.add(row.get(i++));
        }
        return this;
    }

    public ResultTable table(String caption) {
        return ResultTable.ofText(caption, cells);
    }
}
