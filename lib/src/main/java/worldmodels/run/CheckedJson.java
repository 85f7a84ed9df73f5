package worldmodels.run;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;

/**
 * A JSON record whose last entry, {@code sha256}, is the checksum of the text without that entry, so that any change to the file is found.
 * Records that were written before this was so have no such entry, and hold only entries that were known then.
 */
public final class CheckedJson {

    public static final Gson JSON = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    private static final String SUM = "sha256";

    private CheckedJson() {}

    /** Writes the record and its checksum; the file is whole or absent. */
    public static void write(Path file, JsonObject record) {
        WholeFile.writeText(file, text(record));
    }

    private static String text(JsonObject record) {
        JsonObject checked = record.deepCopy();
        checked.addProperty(SUM, WholeFile.sha256OfText(JSON.toJson(record)));
        return JSON.toJson(checked) + "\n";
    }

    /**
     * @param older  the entries that a record without a checksum may have
     * @param remedy what to do if the file is missing, cut short or altered, the end of a sentence
     * @return the record without its checksum
     * @throws KitException that names the file and the remedy
     */
    public static JsonObject read(Path file, Set<String> older, String remedy) {
        try {
            String text = Files.readString(file);
            JsonObject record = Objects.requireNonNull(JSON.fromJson(text, JsonObject.class), "it is empty");
            JsonElement sum = record.remove(SUM);
            if (sum == null ? !older.containsAll(record.keySet()) : !text.equals(text(record))) {
                throw new IOException("it is not what was written");
            }
            return record;
        } catch (NoSuchFileException e) {
            throw new KitException("There is no " + file + "; " + remedy, e);
        } catch (IOException | RuntimeException e) {
            throw new KitException(file + " is damaged (" + e.getMessage() + "); " + remedy, e);
        }
    }
}
