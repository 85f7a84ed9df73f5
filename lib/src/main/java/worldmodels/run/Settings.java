package worldmodels.run;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Settings are records: each component is a key of the preset, {@code section.component}, and its text is what a stage is keyed by.
 *
 * {@snippet :
 * @Section("memory")
 * record MemorySettings(@Least(1) int hidden, @Above(0) double learningRate, @Key("authors") AuthorsVersion version) {}
 *
 * MemorySettings settings = Settings.of(preset, MemorySettings.class);             // memory.hidden, memory.learningRate, authors
 * Map<String, String> key = Settings.text(preset, MemorySettings.class);          // the preset's own writing of the three
 * }
 *
 * <p>A component is an {@code int}, {@code long}, {@code float}, {@code double}, {@code boolean}, {@code String}, an enum constant (in capitals or not),
 * a type with a static {@code parse(String)}, a {@code List} of these that the preset separates by commas, or another record of settings. A
 * {@code parse} that refuses throws an {@link IllegalArgumentException} whose message names what it takes. Defaults are in the presets alone.
 */
public final class Settings {

    /** What the keys of a record's components begin with, before the dot; empty for keys without one. */
    @Target(ElementType.TYPE)
    @Retention(RetentionPolicy.RUNTIME)
    public @interface Section {
        String value();
    }

    /** A component's whole key, where it is not its section and name. */
    @Target(ElementType.RECORD_COMPONENT)
    @Retention(RetentionPolicy.RUNTIME)
    public @interface Key {
        String value();
    }

    /** The smallest number that a component takes, or that a list of numbers holds. */
    @Target(ElementType.RECORD_COMPONENT)
    @Retention(RetentionPolicy.RUNTIME)
    public @interface Least {
        double value();
    }

    /** The largest one. */
    @Target(ElementType.RECORD_COMPONENT)
    @Retention(RetentionPolicy.RUNTIME)
    public @interface Most {
        double value();
    }

    /** A bound that a number has to be greater than. */
    @Target(ElementType.RECORD_COMPONENT)
    @Retention(RetentionPolicy.RUNTIME)
    public @interface Above {
        double value();
    }

    /** A list that may have nothing in it. */
    @Target(ElementType.RECORD_COMPONENT)
    @Retention(RetentionPolicy.RUNTIME)
    public @interface MayBeEmpty {}

    /**
     * A value that stands for what was done before there was the setting: with it the setting is left out of the {@link #text}, so that stages made then
     * keep their keys.
     */
    @Target(ElementType.RECORD_COMPONENT)
    @Retention(RetentionPolicy.RUNTIME)
    public @interface Before {
        String value();
    }

    private Settings() {}

    /**
     * Reads a preset's settings.
     *
     * @throws KitException that names the key, its value and what is allowed, if a value is of the wrong kind or beyond its bounds
     */
    public static <R extends Record> R of(Preset preset, Class<R> type) {
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = Arrays.stream(components).map(component -> isNested(component) ? of(preset, nested(component)) : read(preset, component)).toArray();
        try {
            var constructor = type.getDeclaredConstructor(Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof KitException refused ? refused : new IllegalStateException(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " cannot be made", e);
        }
    }

    /** The settings of records by their keys, in the preset's own writing: what a stage that reads them is keyed by. */
    @SafeVarargs
    public static SortedMap<String, String> text(Preset preset, Class<? extends Record>... types) {
        SortedMap<String, String> text = new TreeMap<>();
        for (Class<? extends Record> type : types) {
            for (RecordComponent component : type.getRecordComponents()) {
                if (isNested(component)) {
                    text.putAll(text(preset, nested(component)));
                } else if (!isAsBefore(component, preset.text(key(component)))) {
                    text.put(key(component), preset.text(key(component)));
                }
            }
        }
        return text;
    }

    /** A record's values by its keys, as Java writes them: what a checkpoint says of the settings that it belongs to. */
    public static SortedMap<String, String> text(Record settings) {
        SortedMap<String, String> text = new TreeMap<>();
        for (RecordComponent component : settings.getClass().getRecordComponents()) {
            Object value = value(settings, component);
            if (isNested(component)) {
                text.putAll(text((Record) value));
            } else {
                String written = value instanceof List<?> list ? list.stream().map(String::valueOf).collect(Collectors.joining(", ")) : String.valueOf(value);
                if (!isAsBefore(component, written)) {
                    text.put(key(component), written);
                }
            }
        }
        return text;
    }

    private static boolean isAsBefore(RecordComponent component, String text) {
        Before before = component.getAnnotation(Before.class);
        return before != null && before.value().equalsIgnoreCase(text);
    }

    private static Object value(Record settings, RecordComponent component) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(settings);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(settings.getClass() + " cannot be read", e);
        }
    }

    /** The keys that a record reads, in its components' order. */
    public static List<String> keys(Class<? extends Record> type) {
        return Arrays.stream(type.getRecordComponents())
                .flatMap(component -> isNested(component) ? keys(nested(component)).stream() : List.of(key(component)).stream()).toList();
    }

    private static String key(RecordComponent component) {
        if (component.isAnnotationPresent(Key.class)) {
            return component.getAnnotation(Key.class).value();
        }
        Section section = component.getDeclaringRecord().getAnnotation(Section.class);
        return section == null || section.value().isEmpty() ? component.getName() : section.value() + "." + component.getName();
    }

    private static boolean isNested(RecordComponent component) {
        return component.getType().isAnnotationPresent(Section.class);
    }

    private static Class<? extends Record> nested(RecordComponent component) {
        return component.getType().asSubclass(Record.class);
    }

    private static Object read(Preset preset, RecordComponent component) {
        String key = key(component);
        String text = preset.text(key);
        try {
            if (component.getType() != List.class) {
                return bounded(component, parsed(component.getType(), text));
            }
            if (text.isEmpty() && component.isAnnotationPresent(MayBeEmpty.class)) {
                return List.of();
            }
            Type element = ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0];
            return Arrays.stream(text.split(",")).map(part -> bounded(component, parsed((Class<?>) element, part.strip()))).toList();
        } catch (IllegalArgumentException e) {
            String each = component.getType() == List.class ? "a list, separated by commas, each of it " : "";
            throw new KitException("Setting " + key + " of preset " + preset.name() + " must be " + each + e.getMessage() + ", not '" + text + "'.", e);
        }
    }

    /** @throws IllegalArgumentException that says what is allowed */
    private static Object parsed(Class<?> type, String text) {
        if (type == String.class) {
            return text;
        }
        if (type == boolean.class) {
            return switch (text) {
                case "true" -> true;
                case "false" -> false;
                default -> throw new IllegalArgumentException("true or false");
            };
        }
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants()).filter(constant -> ((Enum<?>) constant).name().equals(text.toUpperCase(Locale.ROOT))).findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("one of " + Arrays.toString(type.getEnumConstants())));
        }
        try {
            return switch (type.getSimpleName()) {
                case "int", "Integer" -> (Object) Integer.parseInt(text);
                case "long", "Long" -> Long.parseLong(text);
                case "float", "Float" -> (float) Double.parseDouble(text);
                case "double", "Double" -> Double.parseDouble(text);
                default -> own(type, text);
            };
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(type.getSimpleName().matches("int|Integer|long|Long") ? "a whole number" : "a number", e);
        }
    }

    private static Object own(Class<?> type, String text) {
        try {
            var parse = type.getDeclaredMethod("parse", String.class);
            parse.setAccessible(true);
            return parse.invoke(null, text);
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof IllegalArgumentException refused ? refused : new IllegalStateException(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("A setting cannot be a " + type + ", which has no static parse(String)", e);
        }
    }

    private static Object bounded(RecordComponent component, Object value) {
        Least least = component.getAnnotation(Least.class);
        Most most = component.getAnnotation(Most.class);
        Above above = component.getAnnotation(Above.class);
        if (least == null && most == null && above == null) {
            return value;
        }
        double number = ((Number) value).doubleValue();
        boolean isAllowed = (least == null || number >= least.value()) && (most == null || number <= most.value()) && (above == null || number > above.value());
        if (isAllowed) {
            return value;
        }
        String kind = value instanceof Integer || value instanceof Long ? "a whole number" : "a number";
        throw new IllegalArgumentException(kind + (least == null ? "" : " of at least " + plain(least.value())) + (above == null ? "" : " greater than "
                + plain(above.value())) + (most == null ? "" : " and at most " + plain(most.value())));
    }

    private static String plain(double bound) {
        return bound == Math.rint(bound) ? String.valueOf((long) bound) : String.valueOf(bound);
    }
}
