package worldmodels.report;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOInvalidTreeException;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;
import worldmodels.run.KitException;

/**
 * An episode that moves: one or more panels side by side, a label under each, looping for ever. A notebook shows it as a {@link Player}, which can be
 * stopped; a GIF file is for documents that run no scripts. All frames of the file share one palette, made for
 * their colours; a pixel that did not change is written as transparent, which is what keeps the file small. Of an animation whose file would still
 * be larger than {@value #LARGEST} bytes every second, third, ... frame alone is written, and stands as much longer.
 */
public final class AnimatedGif implements Figure {

    /** The largest file, in bytes: results are kept in git, and pages hold their animations. */
    public static final int LARGEST = 1_500_000;

    /** The format has 16 bits for a delay. */
    private static final int LONGEST_DELAY = 65_535;

    private static final int GAP = 4;
    private static final int LABEL = 18;

    record Panel(String label, List<RgbFrame> frames) {

        RgbFrame frame(int index) {
            return frames.get(Math.min(index, frames.size() - 1));
        }
    }

    /** A number of each frame. */
    record Trace(String label, double low, double high, double[] values) {}

    /**
     * A GIF file.
     *
     * @param bytes its content
     * @param every 1 where it has all frames, 2 where it has every second, and so on
     */
    public record Encoded(byte[] bytes, int every) {}

    private final int delay;
    private final int scale;
    private final double framesPerSecond;
    private final List<Panel> panels = new ArrayList<>();
    private final List<Trace> traces = new ArrayList<>();

    /**
     * @param framesPerSecond how fast it plays; the format counts in hundredths of a second, and browsers play nothing above 50
     * @param scale           pixels per pixel of a frame, each way
     */
    public AnimatedGif(double framesPerSecond, int scale) {
        if (!(framesPerSecond > 0 && framesPerSecond <= 50) || scale < 1) {
            throw new KitException("An animation plays 1 to 50 frames per second at scale 1 or more, not " + framesPerSecond + " at "
                    + scale + ".");
        }
        this.framesPerSecond = framesPerSecond;
        this.delay = (int) Math.round(100 / framesPerSecond);
        this.scale = scale;
    }

    /** One more panel to the right; the animation is as long as the longest, a shorter one stands still at its end. */
    public AnimatedGif panel(String label, List<RgbFrame> frames) {
        if (frames.isEmpty()) {
            throw new KitException("The panel '" + label + "' has no frames; give at least one.");
        }
        panels.add(new Panel(label, List.copyOf(frames)));
        return this;
    }

    /**
     * A number that goes with each frame, such as a reward or a part of the action. A {@link Player} has a bar for it; a file has no room for one.
     *
     * @param low    the bar's left end
     * @param high   its right end
     * @param values of each frame; the last one stays if they are fewer
     */
    public AnimatedGif trace(String label, double low, double high, double... values) {
        if (values.length == 0) {
            throw new KitException("'" + label + "' has no values; give one for each frame.");
        }
        traces.add(new Trace(label, low, high, values.clone()));
        return this;
    }

    double framesPerSecond() {
        return framesPerSecond;
    }

    int scale() {
        return scale;
    }

    List<Panel> panels() {
        return Collections.unmodifiableList(panels);
    }

    List<Trace> traces() {
        return Collections.unmodifiableList(traces);
    }

    /** How many frames. */
    public int length() {
        return panels.stream().mapToInt(panel -> panel.frames.size()).max().orElse(0);
    }

    /** The first frame, as a still picture. */
    @Override
    public BufferedImage image() {
        return composed(0, background());
    }

    /** Shown pixel for pixel, so that every pixel of a frame is a sharp square. */
    @Override
    public int width() {
        return GAP + panels.stream().mapToInt(panel -> scale * panel.frames.getFirst().width() + GAP).sum();
    }

    /** As a file of at most {@link #LARGEST} bytes. */
    public Encoded encoded() {
        return encoded(LARGEST);
    }

    /** With as many of the frames as a file of that size holds, and at least one. */
    Encoded encoded(int largest) {
        requirePanel();
        byte[] bytes = written(1);
        int every = 1;
        while (bytes.length > largest && every < length()) {
            // Frames further apart have less in common: a half of them has more than half of the bytes.
            every = (int) Math.min(length(), Math.max(every + 1, (long) every * bytes.length / largest));
            bytes = written(every);
        }
        return new Encoded(bytes, every);
    }

    void requirePanel() {
        if (panels.isEmpty()) {
            throw new KitException("The animation has no panel; add one before writing it.");
        }
    }

    private byte[] written(int every) {
        BufferedImage background = background();
        Palette palette = palette(background);
        ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.prepareWriteSequence(streamMetadata(writer, palette, background));
            int[] before = null;
            for (int i = 0; i < length(); i += every) {
                int[] now = pixels(composed(i, background));
                BufferedImage frame = indexed(background, palette, now, before);
                writer.writeToSequence(new IIOImage(frame, null, frameMetadata(writer, frame, i == 0, Math.min(LONGEST_DELAY, every * delay))), null);
                before = now;
            }
            writer.endWriteSequence();
        } catch (IOException e) {
            throw new AssertionError("writing to memory does not fail", e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    /** What does not move: white, and the labels. */
    private BufferedImage background() {
        int height = scale * panels.stream().mapToInt(panel -> panel.frames.getFirst().height()).max().orElse(1);
        BufferedImage image = new BufferedImage(width(), GAP + height + LABEL, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, image.getWidth(), image.getHeight());
        Look.smooth(g);
        g.setFont(Look.SMALL);
        g.setColor(Look.INK);
        int x = GAP;
        for (Panel panel : panels) {
            g.drawString(panel.label, x, GAP + height + 13);
            x += scale * panel.frames.getFirst().width() + GAP;
        }
        g.dispose();
        return image;
    }

    private BufferedImage composed(int index, BufferedImage background) {
        BufferedImage image = new BufferedImage(background.getWidth(), background.getHeight(), BufferedImage.TYPE_INT_RGB);
        background.copyData(image.getRaster());
        Graphics2D g = image.createGraphics();
        int x = GAP;
        for (Panel panel : panels) {
            RgbFrame frame = panel.frame(index);
            g.drawImage(frame.image(1), x, GAP, scale * frame.width(), scale * frame.height(), null);
            x += scale * frame.width() + GAP;
        }
        g.dispose();
        return image;
    }

    /** From at most 200 frames of each panel and from the labels. */
    private Palette palette(BufferedImage background) {
        Palette.Census census = new Palette.Census();
        census.add(pixels(background));
        for (Panel panel : panels) {
            int step = Math.max(1, panel.frames.size() / 200);
            for (int i = 0; i < panel.frames.size(); i += step) {
                census.add(pixels(panel.frames.get(i).image(1)));
            }
        }
        return census.palette();
    }

    private static BufferedImage indexed(BufferedImage like, Palette palette, int[] now, int[] before) {
        BufferedImage frame = new BufferedImage(like.getWidth(), like.getHeight(), BufferedImage.TYPE_BYTE_INDEXED, palette.colours());
        byte[] indices = new byte[now.length];
        for (int i = 0; i < now.length; i++) {
            boolean same = before != null && palette.index(before[i]) == palette.index(now[i]);
            indices[i] = (byte) (same ? Palette.TRANSPARENT : palette.index(now[i]));
        }
        frame.getRaster().setDataElements(0, 0, like.getWidth(), like.getHeight(), indices);
        return frame;
    }

    private static int[] pixels(BufferedImage image) {
        return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    }

    /** The shared palette, once for the whole file; a frame with the same palette then carries none of its own. */
    private static IIOMetadata streamMetadata(ImageWriter writer, Palette palette, BufferedImage background)
            throws IIOInvalidTreeException {
        IIOMetadata metadata = writer.getDefaultStreamMetadata(null);
        IIOMetadataNode root = (IIOMetadataNode) metadata.getAsTree(metadata.getNativeMetadataFormatName());
        set(child(root, "Version"), "value", "89a");
        set(child(root, "LogicalScreenDescriptor"), "logicalScreenWidth", background.getWidth(),
                "logicalScreenHeight", background.getHeight(), "colorResolution", "8", "pixelAspectRatio", "0");
        set(child(root, "GlobalColorTable"), "sizeOfGlobalColorTable", "256", "backgroundColorIndex", "0", "sortFlag", "FALSE");
        IIOMetadataNode table = child(root, "GlobalColorTable");
        while (table.hasChildNodes()) {
            table.removeChild(table.getFirstChild());
        }
        IndexColorModel colours = palette.colours();
        for (int i = 0; i < 256; i++) {
            IIOMetadataNode entry = new IIOMetadataNode("ColorTableEntry");
            set(entry, "index", i, "red", colours.getRed(i), "green", colours.getGreen(i), "blue", colours.getBlue(i));
            table.appendChild(entry);
        }
        metadata.setFromTree(metadata.getNativeMetadataFormatName(), root);
        return metadata;
    }

    private IIOMetadata frameMetadata(ImageWriter writer, BufferedImage frame, boolean first, int delay) throws IIOInvalidTreeException {
        IIOMetadata metadata = writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(frame), null);
        IIOMetadataNode root = (IIOMetadataNode) metadata.getAsTree(metadata.getNativeMetadataFormatName());
        set(child(root, "GraphicControlExtension"), "disposalMethod", "doNotDispose", "userInputFlag", "FALSE",
                "transparentColorFlag", "TRUE", "transparentColorIndex", Palette.TRANSPARENT, "delayTime", delay);
        if (first) {
            IIOMetadataNode loop = new IIOMetadataNode("ApplicationExtension");
            set(loop, "applicationID", "NETSCAPE", "authenticationCode", "2.0");
            loop.setUserObject(new byte[] {1, 0, 0});
            child(root, "ApplicationExtensions").appendChild(loop);
        }
        metadata.setFromTree(metadata.getNativeMetadataFormatName(), root);
        return metadata;
    }

    private static void set(IIOMetadataNode node, Object... attributes) {
        for (int i = 0; i < attributes.length; i += 2) {
            node.setAttribute(attributes[i].toString(), attributes[i + 1].toString());
        }
    }

    private static IIOMetadataNode child(IIOMetadataNode root, String name) {
        for (int i = 0; i < root.getLength(); i++) {
            if (root.item(i).getNodeName().equals(name)) {
                return (IIOMetadataNode) root.item(i);
            }
        }
        return (IIOMetadataNode) root.appendChild(new IIOMetadataNode(name));
    }
}
