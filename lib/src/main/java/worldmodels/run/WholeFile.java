package worldmodels.run;

import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Files that are whole or absent: written aside, forced to disk, then renamed over the target, so that a process killed at any moment
 * leaves either the old file or the new one.
 */
public final class WholeFile {

    /** Writes the content of one file. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    private WholeFile() {}

    /** @throws KitException if the folder is read-only or the disk is full; the target is then as it was */
    public static void write(Path target, Content content) {
        Path folder = target.toAbsolutePath().getParent();
        String writer = ProcessHandle.current().pid() + "-" + Thread.currentThread().threadId();
        Path aside = folder.resolve("." + target.getFileName() + "." + writer + ".part");
        try {
            Files.createDirectories(folder);
            Files.deleteIfExists(aside);
            Files.createFile(aside);
            // Not a FileChannel: an interrupt would close it in mid-write, and the work that was just finished would be lost.
            try (FileOutputStream file = new FileOutputStream(aside.toFile())) {
                OutputStream out = new BufferedOutputStream(file, 1 << 16);
                content.writeTo(out);
                out.flush();
                file.getFD().sync();
            }
            Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException | UncheckedIOException e) {
            deleteQuietly(aside);
            throw new KitException("Cannot write " + target + " (" + reason(e) + "); free space there or choose another folder.", e);
        } catch (RuntimeException | Error e) {
            deleteQuietly(aside);
            throw e;
        }
    }

    /** Writes text in UTF-8. */
    public static void writeText(Path target, String text) {
        write(target, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** @return the file's SHA-256 in lower-case hexadecimal */
    public static String sha256(Path file) {
        try (DigestInputStream in = new DigestInputStream(Files.newInputStream(file), newSha256())) {
            in.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(in.getMessageDigest().digest());
        } catch (IOException e) {
            throw new KitException("Cannot read " + file + " (" + reason(e) + ").", e);
        }
    }

    /** @return the SHA-256 of a text's UTF-8 bytes in lower-case hexadecimal */
    public static String sha256OfText(String text) {
        return sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    /** @return the SHA-256 of bytes in memory in lower-case hexadecimal */
    public static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(newSha256().digest(bytes));
    }

    private static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    private static String reason(Exception e) {
        if (e instanceof AccessDeniedException) {
            return "no permission";
        }
        if (e instanceof FileSystemException f && f.getReason() != null) {
            return f.getReason();
        }
        return String.valueOf(e.getMessage());
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // The first failure is the one to report.
        }
    }
}
