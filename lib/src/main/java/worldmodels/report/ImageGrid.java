package worldmodels.report;

import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/** Frames in rows and columns with a caption under each; a pixel of a frame becomes a square. All cells are as large as the largest. */
public final class ImageGrid implements Figure {

    private static final int GAP = 8;
    private static final int CAPTION = 20;
    private static final int TITLE = 34;

    private record Cell(RgbFrame frame, String caption) {}

    private final String title;
    private final int columns;
    private final int scale;
    private final List<Cell> cells = new ArrayList<>();

    /** A grid whose pixels are three times as large. */
    public ImageGrid(String title, int columns) {
        this(title, columns, 3);
    }

    /** @param scale points per pixel of a frame, each way */
    public ImageGrid(String title, int columns, int scale) {
        this.title = title;
        this.columns = columns;
        this.scale = scale;
    }

    /** Fills the grid row by row. */
    public ImageGrid add(RgbFrame frame, String caption) {
        cells.add(new Cell(frame, caption));
        return this;
    }

    /** One row of frames without captions but the first. */
    public ImageGrid row(String caption, List<RgbFrame> frames) {
        for (RgbFrame frame : frames) {
            add(frame, frame == frames.getFirst() ? caption : "");
        }
        return this;
    }

    @Override
    public BufferedImage image() {
        int cellWidth = scale * cells.stream().mapToInt(cell -> cell.frame.width()).max().orElse(1);
        int cellHeight = scale * cells.stream().mapToInt(cell -> cell.frame.height()).max().orElse(1);
        boolean captions = cells.stream().anyMatch(cell -> !cell.caption.isEmpty());
        int stepX = cellWidth + GAP;
        int stepY = cellHeight + GAP + (captions ? CAPTION : 0);
        int top = title.isEmpty() ? GAP : TITLE;
        int rows = (cells.size() + columns - 1) / columns;
        return Look.drawn(GAP + columns * stepX, top + rows * stepY, g -> {
            g.setColor(Look.INK);
            g.setFont(Look.TITLE);
            g.drawString(title, GAP, 22);
            g.setFont(Look.SMALL);
            for (int i = 0; i < cells.size(); i++) {
                Cell cell = cells.get(i);
                int x = GAP + i % columns * stepX;
                int y = top + i / columns * stepY;
                g.drawImage(cell.frame.image(1), x, y, cell.frame.width() * scale, cell.frame.height() * scale, null);
                g.drawString(fitted(g, cell.caption, stepX), x, y + cellHeight + 15);
            }
        });
    }

    /** The caption, cut where the next cell's begins. */
    private static String fitted(Graphics2D g, String caption, int width) {
        FontMetrics metrics = g.getFontMetrics();
        String text = caption;
        while (metrics.stringWidth(text) > width && text.length() > 1) {
            text = text.substring(0, text.length() - 2) + "…";
        }
        return text;
    }
}
