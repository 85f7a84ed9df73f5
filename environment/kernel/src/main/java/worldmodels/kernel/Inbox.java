package worldmodels.kernel;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.reflect.TypeToken;
import io.github.spencerpark.jupyter.messages.HMACGenerator;
import io.github.spencerpark.jupyter.messages.Header;
import io.github.spencerpark.jupyter.messages.KernelTimestamp;
import io.github.spencerpark.jupyter.messages.Message;
import io.github.spencerpark.jupyter.messages.MessageType;
import io.github.spencerpark.jupyter.messages.adapters.HeaderAdapter;
import io.github.spencerpark.jupyter.messages.adapters.HistoryRequestAdapter;
import io.github.spencerpark.jupyter.messages.adapters.KernelTimestampAdapter;
import io.github.spencerpark.jupyter.messages.adapters.MessageTypeAdapter;
import io.github.spencerpark.jupyter.messages.request.HistoryRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.zeromq.ZMQ;

/**
 * What comes in at one of the kernel's ports: whole, signed messages of Jupyter's protocol. Anything else (a wrong signature, a frame too few,
 * bytes of another protocol) is dropped, and the kernel's standard error says so once for each reason. For use by one thread.
 */
final class Inbox {

    /** Between the addresses of the sender and the message itself. */
    private static final byte[] DELIMITER = "<IDS|MSG>".getBytes(StandardCharsets.US_ASCII);
    /** Signature, header, parent header, metadata and content. */
    private static final int FRAMES = 5;
    private static final int FOR_EVER = -1;

    private static final Gson JSON = new GsonBuilder()
            .registerTypeAdapter(KernelTimestamp.class, KernelTimestampAdapter.INSTANCE)
            .registerTypeAdapter(Header.class, HeaderAdapter.INSTANCE)
            .registerTypeAdapter(MessageType.class, MessageTypeAdapter.INSTANCE)
            .registerTypeAdapter(HistoryRequest.class, HistoryRequestAdapter.INSTANCE)
            .create();
    private static final java.lang.reflect.Type METADATA = new TypeToken<Map<String, Object>>() { }.getType();
    private static final Set<String> SAID = ConcurrentHashMap.newKeySet();

    private final ZMQ.Socket socket;
    private final HMACGenerator signer;

    Inbox(ZMQ.Socket socket, HMACGenerator signer) {
        this.socket = socket;
        this.signer = signer;
    }

    /** @return the next message, waited for */
    Message<?> next() {
        while (true) {
            Message<?> message = next(FOR_EVER);
            if (message != null) {
                return message;
            }
        }
    }

    /** @return the next message, or null if none came within that time */
    Message<?> next(int millis) {
        socket.setReceiveTimeOut(millis);
        while (true) {
            byte[] frame = socket.recv();
            if (frame == null) {
                return null;
            }
            List<byte[]> frames = new ArrayList<>(List.of(frame));
            while (socket.hasReceiveMore()) {
                frames.add(socket.recv());
            }
            try {
                return message(frames);
            } catch (Malformed e) {
                drop(e.getMessage(), "");
            } catch (RuntimeException e) {
                drop("its JSON is not that of a message", e.toString());
            }
        }
    }

    /** Says once for each reason that something which came in is not answered; on the process' own standard error: it belongs to no cell. */
    static void drop(String reason, String detail) {
        if (SAID.add(reason)) {
            Main.log("The kernel dropped a message: " + reason + (detail.isEmpty() ? "" : " (" + detail + ")")
                    + ". Others like it are dropped without a word.");
        }
    }

    private static final class Malformed extends RuntimeException {
        private static final long serialVersionUID = 1;

        private Malformed(String message) {
            super(message);
        }
    }

    private Message<?> message(List<byte[]> frames) {
        int start = 0;
        while (start < frames.size() && !Arrays.equals(frames.get(start), DELIMITER)) {
            start++;
        }
        if (frames.size() < start + 1 + FRAMES) {
            throw new Malformed(start == frames.size() ? "it is not one of Jupyter's" : "frames are missing");
        }
        List<byte[]> identities = List.copyOf(frames.subList(0, start));
        byte[] signature = frames.get(start + 1);
        List<byte[]> signed = frames.subList(start + 2, start + 1 + FRAMES);
        byte[] expected = signer.calculateSignature(signed.toArray(byte[][]::new)).getBytes(StandardCharsets.US_ASCII);
        if (expected.length > 0 && !MessageDigest.isEqual(expected, signature)) {
            throw new Malformed("its signature is wrong");
        }
        Header<?> header = JSON.fromJson(text(signed.get(0)), Header.class);
        JsonObject parent = JSON.fromJson(text(signed.get(1)), JsonObject.class);
        Object content = JSON.fromJson(text(signed.get(3)), header.getType().getContentType());
        if (content == null) {
            throw new Malformed("it has no content");
        }
        List<byte[]> blobs = List.copyOf(frames.subList(start + 1 + FRAMES, frames.size()));
        return whole(identities, header, parent == null || parent.isEmpty() ? null : JSON.fromJson(parent, Header.class),
                JSON.fromJson(text(signed.get(2)), METADATA), content, blobs);
    }

    /** The header says what the content is. */
    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Message<?> whole(List<byte[]> identities, Header header, Header<?> parent, Map<String, Object> metadata, Object content,
            List<byte[]> blobs) {
        return new Message(identities, header, parent, metadata, content, blobs);
    }

    private static String text(byte[] frame) {
        return new String(frame, StandardCharsets.UTF_8);
    }
}
