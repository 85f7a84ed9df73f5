package worldmodels.nn;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Seeds for the engine's own generators, which hold no state between calls: the noise of step 17 is drawn from the seed named
 * {@code (root seed, "vae noise", 17)}, whatever was drawn before, so that a resumed run draws what an uninterrupted one would.
 */
public final class Seeds {

    private Seeds() {}

    /** @return a well-mixed number below 2^63 that depends on all three; PyTorch's CPU generator uses its lower 32 bits */
    public static long named(long root, String name, long index) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        ByteBuffer key = ByteBuffer.allocate(2 * Long.BYTES + text.length).putLong(root).putLong(index).put(text).flip();
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(key);
            return ByteBuffer.wrap(digest.digest()).getLong() & Long.MAX_VALUE;
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /** {@link #named(long, String, long)} at index 0. */
    public static long named(long root, String name) {
        return named(root, name, 0);
    }
}
