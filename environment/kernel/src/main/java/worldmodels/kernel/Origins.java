package worldmodels.kernel;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Remembers which lines of which cell each JShell snippet came from. */
final class Origins {

    /**
     * @param place     how the cell or file is named to the reader, e.g. {@code "cell [3]"}
     * @param firstLine the line of the cell, from 1, on which the snippet begins
     * @param source    the snippet's text
     */
    private record Origin(String place, int firstLine, String source) {}

    private final Map<String, Origin> bySnippet = new HashMap<>();

    void put(String snippetId, String place, int firstLine, String source) {
        bySnippet.put(snippetId, new Origin(place, firstLine, source));
    }

    boolean isCell(StackTraceElement frame) {
        return frame.getFileName() != null && frame.getFileName().startsWith("#");
    }

    /**
     * @param frame a frame as JShell translates it: file {@code #id}, line within the snippet
     * @param place the cell that is running; its lines need no name
     * @return e.g. {@code "cell line 3: model.train(data)"}
     */
    String describe(StackTraceElement frame, String place) {
        Origin origin = bySnippet.get(frame.getFileName().substring(1));
        if (origin == null) {
            return "an earlier cell";
        }
        int line = Math.max(1, frame.getLineNumber());
        List<String> lines = origin.source.lines().toList();
        String where = origin.place.equals(place) ? (place.startsWith("cell") ? "cell" : place) : origin.place;
        String text = line <= lines.size() ? ": " + lines.get(line - 1).strip() : "";
        return where + " line " + (origin.firstLine + line - 1) + text;
    }
}
