package worldmodels.env.carracing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The score at the bottom left of the picture: four characters, white on black, 42 pixels high, centred at (60, 750 from the top). The
 * shapes of the digits are kept as grey pixels, drawn once from FreeSansBold of GNU FreeFont, the font of Debian's pygame.
 *
 * <p>The text fills columns 1 to 10 of the shrunk picture, where nothing else is drawn, so it is shrunk once for each new score.
 */
final class ScoreText {

    /** Columns of the shrunk picture that belong to the text. */
    static final int COLUMNS = 12;

    private static final String SHEET = "score-digits.pgm";
    private static final String SYMBOLS = "0123456789-";
    private static final int DIGIT_WIDTH = 23;
    private static final int MINUS_WIDTH = 14;
    private static final int HEIGHT = 42;
    private static final int SHEET_WIDTH = 10 * DIGIT_WIDTH + MINUS_WIDTH;
    private static final int CENTRE_X = 60;
    private static final int TOP = 729;
    private static final byte[] GREY = sheet();

    private final boolean rounded;
    private final byte[] shrunk = new byte[Canvas.SIDE * COLUMNS * 3];
    private String drawn = "";
    private double score = Double.NaN;

    ScoreText(boolean rounded) {
        this.rounded = rounded;
    }

    /**
     * Copies the text into rows {@code fromRow} to 95 of a 96 x 96 x 3 picture.
     *
     * @param canvas  to draw on when the text has changed
     * @param scratch a picture's bytes to shrink it into
     */
    void draw(double newScore, Canvas canvas, byte[] scratch, byte[] picture, int fromRow) {
        if (newScore != score) {
            score = newScore;
            update(text(newScore, rounded), canvas, scratch);
        }
        int width = COLUMNS * 3;
        for (int row = fromRow; row < Canvas.SIDE; row++) {
            System.arraycopy(shrunk, row * width, picture, row * Canvas.SIDE * 3, width);
        }
    }

    /** Python's {@code "%04i"}, or its {@code ":04.0f"} with halves to the even integer and a signed zero. */
    static String text(double score, boolean rounded) {
        double whole = rounded ? Math.rint(score) : (int) score;
        boolean negative = rounded ? Math.copySign(1, whole) < 0 : whole < 0;
        String digits = Integer.toString((int) Math.abs(whole));
        int zeros = Math.max(0, 4 - digits.length() - (negative ? 1 : 0));
        return (negative ? "-" : "") + "0".repeat(zeros) + digits;
    }

    private void update(String text, Canvas canvas, byte[] frame) {
        if (text.equals(drawn)) {
            return;
        }
        drawn = text;
        int length = text.codePoints().map(c -> c == '-' ? MINUS_WIDTH : DIGIT_WIDTH).sum();
        int x = CENTRE_X - length / 2;
        canvas.start(0, canvas.colour(0));
        char white = canvas.colour(0xFFFFFF);
        for (int i = 0; i < text.length(); i++) {
            int symbol = SYMBOLS.indexOf(text.charAt(i));
            int width = symbol == 10 ? MINUS_WIDTH : DIGIT_WIDTH;
            for (int row = 0; row < HEIGHT; row++) {
                for (int column = 0; column < width; column++) {
                    int grey = GREY[row * SHEET_WIDTH + symbol * DIGIT_WIDTH + column] & 0xFF;
                    if (grey > 0) {
                        // Black moved by (grey + 1) / 256 of the way to white is grey.
                        canvas.blend(x + column, Canvas.HEIGHT - 1 - TOP - row, white, grey + 1);
                    }
                }
            }
            x += width;
        }
        canvas.shrink(frame);
        for (int row = 0; row < Canvas.SIDE; row++) {
            System.arraycopy(frame, row * Canvas.SIDE * 3, shrunk, row * COLUMNS * 3, COLUMNS * 3);
        }
    }

    /** The pixels of a binary PGM file: three text lines and a comment, then one byte each. */
    private static byte[] sheet() {
        try (InputStream in = ScoreText.class.getResourceAsStream(SHEET)) {
            if (in == null) {
                throw new IllegalStateException("The file " + SHEET + " is missing from the library's jar; build it again.");
            }
            byte[] file = in.readAllBytes();
            String size = SHEET_WIDTH + " " + HEIGHT + "\n255\n";
            int size0 = file.length - SHEET_WIDTH * HEIGHT - size.length();
            if (size0 < 0 || !new String(file, size0, size.length(), StandardCharsets.US_ASCII).equals(size)) {
                throw new IllegalStateException("The file " + SHEET + " in the library's jar is damaged; build it again.");
            }
            return Arrays.copyOfRange(file, size0 + size.length(), file.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
