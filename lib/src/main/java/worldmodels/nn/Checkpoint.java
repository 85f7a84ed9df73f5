package worldmodels.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import worldmodels.run.KitException;
import worldmodels.run.WholeFile;

/**
 * Named tensors and text in one {@code .safetensors} file, as Python's safetensors reads and writes them: eight bytes with the length of a
 * JSON header, the header, the data. The text entries say what kind of model it is, with which settings it was made, and the SHA-256 of the
 * file with the sum's own digits as zeros, so that any change is found. Files are whole or absent.
 */
public final class Checkpoint {

    private static final Map<DataType, String> NAMES = Map.of(DataType.FLOAT32, "F32", DataType.FLOAT64, "F64", DataType.INT64, "I64",
            DataType.INT32, "I32", DataType.UINT8, "U8");
    private static final String NO_SUM = "0".repeat(64);
    private static final String KIND = "kind";
    private static final String SUM = "sha256";

    /** What the names of tensors begin with that only going on with a training needs: the optimiser's, say. */
    public static final String TRAINING = "training.";

    private record Tensor(DataType type, Shape shape, ByteBuffer data) {

        boolean isFinite() {
            if (type != DataType.FLOAT32 && type != DataType.FLOAT64) {
                return true;
            }
            ByteBuffer values = data.duplicate().order(ByteOrder.nativeOrder());
            while (values.hasRemaining()) {
                if (!Double.isFinite(type == DataType.FLOAT32 ? values.getFloat() : values.getDouble())) {
                    return false;
                }
            }
            return true;
        }
    }

    private final Path file;
    private final Map<String, String> text;
    private final Map<String, Tensor> tensors;

    private Checkpoint(Path file, Map<String, String> text, Map<String, Tensor> tensors) {
        this.file = file;
        this.text = text;
        this.tensors = tensors;
    }

    /**
     * A file in the making: text and arrays by name.
     */
    public static final class Draft {

        private final Map<String, String> text = new TreeMap<>();
        private final Map<String, Tensor> tensors = new LinkedHashMap<>();

        /** @param kind what is saved, e.g. {@code "ConvVae"} */
        public Draft(String kind) {
            text.put(KIND, kind);
        }

        public Draft text(String key, String value) {
            text.put(key, value);
            return this;
        }

        public Draft text(Map<String, String> entries) {
            text.putAll(entries);
            return this;
        }

        /** @param array float32, float64, int64, int32 or uint8; copied */
        public Draft put(String name, NDArray array) {
            if (!NAMES.containsKey(array.getDataType())) {
                throw new IllegalArgumentException("Checkpoints hold no " + array.getDataType());
            }
            return put(name, array.getDataType(), array.getShape(), ByteBuffer.wrap(array.toByteArray()));
        }

        public Draft put(Map<String, NDArray> arrays) {
            arrays.forEach(this::put);
            return this;
        }

        /** What is trained and what is kept beside it. */
        public Draft put(Parameters parameters) {
            return put(parameters.named());
        }

        public Draft put(Optimiser optimiser) {
            return put(optimiser.state());
        }

        /** Plain numbers, float64. */
        public Draft put(String name, double... values) {
            ByteBuffer data = ordered(values.length * Double.BYTES);
            data.asDoubleBuffer().put(values);
            return put(name, DataType.FLOAT64, new Shape(values.length), data);
        }

        /** Plain numbers, float32. */
        public Draft put(String name, float... values) {
            ByteBuffer data = ordered(Math.multiplyExact(values.length, Float.BYTES));
            data.asFloatBuffer().put(values);
            return put(name, DataType.FLOAT32, new Shape(values.length), data);
        }

        /** Plain whole numbers, int64. */
        public Draft put(String name, long... values) {
            ByteBuffer data = ordered(values.length * Long.BYTES);
            data.asLongBuffer().put(values);
            return put(name, DataType.INT64, new Shape(values.length), data);
        }

        /** Plain bytes, uint8. */
        public Draft put(String name, byte... values) {
            return put(name, DataType.UINT8, new Shape(values.length), ByteBuffer.wrap(values.clone()));
        }

        private Draft put(String name, DataType type, Shape shape, ByteBuffer data) {
            if (tensors.put(name, new Tensor(type, shape, data.order(ByteOrder.nativeOrder()))) != null) {
                throw new IllegalArgumentException("A checkpoint was given two arrays of the name " + name);
            }
            return this;
        }

        /** Whether no weight is infinite or undefined: no number of what is more than {@link #TRAINING}. */
        boolean isFinite() {
            return tensors.entrySet().stream().filter(entry -> !entry.getKey().startsWith(TRAINING)).allMatch(entry -> entry.getValue().isFinite());
        }

        /** @throws KitException if the file cannot be written; an older one is then untouched */
        public void write(Path file) {
            Checkpoint.write(file, text, tensors);
        }
    }

    private static ByteBuffer ordered(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.nativeOrder());
    }

    /**
     * A model's file.
     *
     * @param kind    what is saved, e.g. {@code "ConvVae"}
     * @param text    settings and whatever else describes it
     * @param tensors by name; float32, float64, int64, int32 or uint8
     * @throws KitException if the file cannot be written; an older one is then untouched
     */
    public static void write(Path file, String kind, Map<String, String> text, Map<String, NDArray> tensors) {
        new Draft(kind).text(text).put(tensors).write(file);
    }

    /** A copy without the tensors of {@link #TRAINING}: what the trained model is used by, not what it would be trained on with. */
    public static void copyTrained(Path from, Path to) {
        Checkpoint checkpoint = read(from);
        Map<String, String> text = new TreeMap<>(checkpoint.text);
        text.keySet().removeAll(List.of(SUM, "format"));
        Map<String, Tensor> kept = new LinkedHashMap<>(checkpoint.tensors);
        kept.keySet().removeIf(name -> name.startsWith(TRAINING));
        write(to, text, kept);
    }

    private static void write(Path file, Map<String, String> text, Map<String, Tensor> tensors) {
        JsonObject header = new JsonObject();
        JsonObject metadata = new JsonObject();
        metadata.addProperty("format", "pt");
        metadata.addProperty(KIND, text.get(KIND));
        text.forEach(metadata::addProperty);
        metadata.addProperty(SUM, NO_SUM);
        header.add("__metadata__", metadata);
        List<byte[]> data = new ArrayList<>();
        long offset = 0;
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            Tensor tensor = entry.getValue();
            byte[] bytes = new byte[tensor.data.remaining()];
            tensor.data.duplicate().get(bytes);
            data.add(bytes);
            JsonObject described = new JsonObject();
            described.addProperty("dtype", NAMES.get(tensor.type));
            described.add("shape", numbers(tensor.shape.getShape()));
            described.add("data_offsets", numbers(offset, offset += bytes.length));
            header.add(entry.getKey(), described);
        }
        String json = new Gson().toJson(header);
        // Data starts at a multiple of eight bytes.
        json += " ".repeat(-json.getBytes(StandardCharsets.UTF_8).length & 7);
        MessageDigest sum = newSha256();
        sum.update(json.getBytes(StandardCharsets.UTF_8));
        data.forEach(sum::update);
        byte[] head = withSum(json, HexFormat.of().formatHex(sum.digest())).getBytes(StandardCharsets.UTF_8);
        WholeFile.write(file, out -> {
            out.write(ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(head.length).array());
            out.write(head);
            for (byte[] bytes : data) {
                out.write(bytes);
            }
        });
    }

    /**
     * @param kinds of model it may hold; none means any
     * @throws KitException if there is no such file, it was cut or altered, or it holds another kind of model
     */
    public static Checkpoint read(Path file, String... kinds) {
        byte[] bytes = bytes(file);
        Checkpoint checkpoint;
        try {
            checkpoint = parse(file, bytes);
        } catch (JsonParseException | IllegalStateException | IllegalArgumentException | UnsupportedOperationException
                | ClassCastException | NullPointerException e) {
            throw damaged(file, "its header cannot be read", e);
        }
        if (kinds.length > 0 && !Arrays.asList(kinds).contains(checkpoint.kind())) {
            throw new KitException("Checkpoint " + file + " holds " + checkpoint.kind() + ", not " + String.join(" or ", kinds)
                    + "; choose the right file or remove it.");
        }
        return checkpoint;
    }

    /** The text entries of any checkpoint. */
    public static Map<String, String> text(Path file) {
        return read(file).text();
    }

    /** What is saved. */
    public String kind() {
        return text.getOrDefault(KIND, "something else");
    }

    private static Checkpoint parse(Path file, byte[] bytes) {
        long length = bytes.length < Long.BYTES ? -1 : ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        if (length < 2 || length > bytes.length - Long.BYTES) {
            throw damaged(file, "it is cut short", null);
        }
        int start = Long.BYTES + (int) length;
        String json = new String(bytes, Long.BYTES, (int) length, StandardCharsets.UTF_8);
        JsonObject header = Objects.requireNonNull(new Gson().fromJson(json, JsonObject.class), "the header is empty");
        Map<String, String> text = new LinkedHashMap<>();
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        JsonElement metadata = header.remove("__metadata__");
        if (metadata != null) {
            metadata.getAsJsonObject().entrySet().forEach(entry -> text.put(entry.getKey(), entry.getValue().getAsString()));
        }
        long end = start;
        for (Map.Entry<String, JsonElement> entry : header.entrySet()) {
            JsonObject tensor = entry.getValue().getAsJsonObject();
            long from = start + tensor.getAsJsonArray("data_offsets").get(0).getAsLong();
            long to = start + tensor.getAsJsonArray("data_offsets").get(1).getAsLong();
            if (from < start || to < from || to > bytes.length) {
                throw damaged(file, "it is cut short", null);
            }
            end = Math.max(end, to);
            tensors.put(entry.getKey(), new Tensor(type(tensor.get("dtype").getAsString()), shape(tensor.getAsJsonArray("shape")),
                    ByteBuffer.wrap(bytes, (int) from, (int) (to - from)).slice().order(ByteOrder.nativeOrder())));
        }
        if (end != bytes.length) {
            throw damaged(file, "it is longer than its header says", null);
        }
        String sum = text.get(SUM);
        if (sum == null) {
            throw damaged(file, "it has no checksum", null);
        }
        MessageDigest digest = newSha256();
        digest.update(json.replace(sum, NO_SUM).getBytes(StandardCharsets.UTF_8));
        digest.update(bytes, start, bytes.length - start);
        if (!HexFormat.of().formatHex(digest.digest()).equals(sum)) {
            throw damaged(file, "its content does not match its checksum", null);
        }
        return new Checkpoint(file, text, tensors);
    }

    /** The text entries: settings, step count, and so on. */
    public Map<String, String> text() {
        return Collections.unmodifiableMap(text);
    }

    /** @throws KitException if there is no such entry or it is no whole number */
    public long number(String key) {
        try {
            return Long.parseLong(text.get(key));
        } catch (NumberFormatException e) {
            throw new KitException("Checkpoint " + file + " has no whole number '" + key + "' (" + text.get(key)
                    + "); remove it and train again.", e);
        }
    }

    /**
     * @throws KitException naming the first setting that is another in the file
     */
    public Checkpoint require(Map<String, String> settings) {
        settings.forEach((key, value) -> {
            if (!value.equals(text.get(key))) {
                throw new KitException("Checkpoint " + file + " was made with " + key + " = " + text.getOrDefault(key, "nothing") + ", but "
                        + value + " is asked for; use the same setting, or another folder to start anew.");
            }
        });
        return this;
    }

    public List<String> names() {
        return List.copyOf(tensors.keySet());
    }

    /** @return a new array of the manager; float32 and so on as saved */
    public NDArray tensor(NDManager manager, String name) {
        Tensor tensor = find(name);
        return manager.create(tensor.data.duplicate().order(ByteOrder.nativeOrder()), tensor.shape, tensor.type);
    }

    /** The numbers of a float64 tensor, row by row. */
    public double[] doubles(String name) {
        double[] values = new double[Math.toIntExact(find(name, DataType.FLOAT64).shape.size())];
        plain(name).asDoubleBuffer().get(values);
        return values;
    }

    /** The numbers of a float32 tensor, row by row. */
    public float[] floats(String name) {
        float[] values = new float[Math.toIntExact(find(name, DataType.FLOAT32).shape.size())];
        plain(name).asFloatBuffer().get(values);
        return values;
    }

    /** The numbers of an int64 tensor, row by row. */
    public long[] longs(String name) {
        long[] values = new long[Math.toIntExact(find(name, DataType.INT64).shape.size())];
        plain(name).asLongBuffer().get(values);
        return values;
    }

    /** The numbers of a uint8 tensor, row by row. */
    public byte[] bytes(String name) {
        byte[] values = new byte[Math.toIntExact(find(name, DataType.UINT8).shape.size())];
        plain(name).get(values);
        return values;
    }

    private ByteBuffer plain(String name) {
        return find(name).data.duplicate().order(ByteOrder.nativeOrder());
    }

    private Tensor find(String name, DataType type) {
        Tensor tensor = find(name);
        if (tensor.type != type) {
            throw new KitException("Checkpoint " + file + " has " + name + " of " + describe(tensor.shape, tensor.type) + ", not "
                    + type.name().toLowerCase(Locale.ROOT) + "; it belongs to another model.");
        }
        return tensor;
    }

    /** @throws KitException if the tensor is missing or has another shape or type than the target */
    public void copyInto(String name, NDArray target) {
        Tensor tensor = find(name);
        if (!tensor.shape.equals(target.getShape()) || tensor.type != target.getDataType()) {
            throw new KitException("Checkpoint " + file + " has " + name + " of " + describe(tensor.shape, tensor.type)
                    + ", but the model's is " + describe(target.getShape(), target.getDataType()) + "; use the settings it was trained with, or another file.");
        }
        try (NDArray values = tensor(target.getManager(), name)) {
            InPlaceOps.copyInto(target, values);
        }
    }

    /** Overwrites all parameters with the tensors of the same names. */
    public void copyInto(Parameters parameters) {
        parameters.named().forEach(this::copyInto);
    }

    private Tensor find(String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new KitException("Checkpoint " + file + " has no tensor " + name + "; it belongs to another model.");
        }
        return tensor;
    }

    private static String describe(Shape shape, DataType type) {
        return type.name().toLowerCase(Locale.ROOT) + " " + Arrays.toString(shape.getShape());
    }

    private static String withSum(String json, String sum) {
        String empty = "\"" + SUM + "\":\"" + NO_SUM + "\"";
        int at = json.indexOf(empty);
        return json.substring(0, at) + "\"" + SUM + "\":\"" + sum + "\"" + json.substring(at + empty.length());
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new KitException("There is no checkpoint " + file + "; run the training that writes it first.", e);
        } catch (IOException e) {
            throw new KitException("Cannot read checkpoint " + file + " (" + e.getMessage() + ").", e);
        }
    }

    private static KitException damaged(Path file, String how, Exception cause) {
        return new KitException("Checkpoint " + file + " is damaged: " + how
                + "; remove it and resume from an older one or train again.", cause);
    }

    private static DataType type(String name) {
        return NAMES.entrySet().stream().filter(entry -> entry.getValue().equals(name)).map(Map.Entry::getKey).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("tensor type " + name));
    }

    private static Shape shape(JsonArray sizes) {
        return new Shape(new Gson().fromJson(sizes, long[].class));
    }

    private static JsonArray numbers(long... values) {
        JsonArray array = new JsonArray();
        for (long value : values) {
            array.add(value);
        }
        return array;
    }

    private static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
