package worldmodels.notebook;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import worldmodels.run.KitException;

/** The works that {@code references.bib} describes, one entry for each key. */
final class References {

    private static final Pattern ENTRY = Pattern.compile("(?m)^@\\w+\\{([^,\\s]+),\\R([\\s\\S]*?)^}");
    private static final Pattern FIELD = Pattern.compile("(?m)^\\s*(\\w+)\\s*=\\s*\\{(.*?)},?\\s*$");

    /** A letter with an accent, and Unicode's mark for each. */
    private static final Pattern ACCENT = Pattern.compile("\\\\([\"'`^~c])\\{?(\\w)}?");
    private static final Map<String, String> MARKS = Map.of("\"", "\u0308", "'", "\u0301", "`", "\u0300", "^", "\u0302", "~", "\u0303", "c", "\u0327");

    private final Map<String, Map<String, String>> works = new LinkedHashMap<>();

    /** @param bibtex one field a line, its value in braces */
    References(String bibtex) {
        Matcher entry = ENTRY.matcher(bibtex);
        while (entry.find()) {
            SequencedMap<String, String> fields = new LinkedHashMap<>();
            Matcher field = FIELD.matcher(entry.group(2));
            while (field.find()) {
                fields.put(field.group(1), plain(field.group(2)));
            }
            works.put(entry.group(1), fields);
        }
    }

    /** Those that are packed with the library. */
    static References packed() {
        try (InputStream in = References.class.getResourceAsStream("/worldmodels/references.bib")) {
            if (in == null) {
                throw new KitException("The library was built without references.bib; build it in a whole checkout.");
            }
            return new References(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new KitException("Cannot read references.bib (" + e.getMessage() + "); build the library again.", e);
        }
    }

    /** One item a work: authors, year, title as a link, key. */
    String markdown(String... keys) {
        return Arrays.stream(keys).map(key -> "- " + item(key)).collect(Collectors.joining("\n"));
    }

    private String item(String key) {
        Map<String, String> work = works.get(key);
        if (work == null) {
            throw new KitException("references.bib has no work with the key " + key + "; add it there, or mend the key.");
        }
        String title = work.getOrDefault("title", key);
        String link = work.containsKey("url") ? work.get("url") : work.containsKey("doi") ? "https://doi.org/" + work.get("doi") : null;
        String where = work.entrySet().stream()
                .filter(field -> field.getKey().matches("journal|booktitle|school|institution|howpublished|publisher"))
                .map(Map.Entry::getValue).findFirst().map(place -> ". " + place).orElse("");
        return authors(work.getOrDefault("author", work.getOrDefault("editor", ""))) + (work.containsKey("year") ? " (" + work.get("year") + ")" : "")
                + ". " + (link == null ? title : "[" + title + "](" + link + ")") + where + ". `" + key + "`";
    }

    /** Family names; from four on only the first. */
    private static String authors(String all) {
        String[] names = Arrays.stream(all.split(" and ")).map(name -> name.replaceFirst(",.*", "")).toArray(String[]::new);
        return switch (names.length) {
            case 1 -> names[0];
            case 2 -> names[0] + " and " + names[1];
            case 3 -> names[0] + ", " + names[1] + " and " + names[2];
            default -> names[0] + " and others";
        };
    }

    private static String plain(String latex) {
        Matcher accented = ACCENT.matcher(latex.replace("{\\o}", "ø").replace("--", "–"));
        String marked = accented.replaceAll(found -> found.group(2) + MARKS.get(found.group(1)));
        return Normalizer.normalize(marked.replaceAll("[{}\\\\]", ""), Normalizer.Form.NFC);
    }
}
