package worldmodels.notebook;

import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import worldmodels.report.Html;
import worldmodels.run.Progress;

/**
 * Progress with speed and time left: a bar that updates in place in a notebook, at most four times a second; lines of text elsewhere, at
 * most one every five seconds. Its last state stays readable in the executed notebook.
 */
final class ProgressDisplay implements Progress {

    private static final long BAR_NANOS = 250_000_000;
    private static final long LINE_NANOS = 5_000_000_000L;

    private final Optional<Jupyter> kernel;
    private final Consumer<String> printer;
    private final LongSupplier nanoTime;

    private String work = "";
    private long total;
    private String unit = "";
    private String displayId;
    private long started;
    private long shown;
    private boolean anythingShown;
    private long completed;
    /** What was already there when the first report came, and when: speed counts from then. */
    private long baseline;
    private long baselineTime;

    private final Supplier<?> picture;
    private String pictureId;
    private long pictured;

    /** @param picture drawn under the bar in a notebook; null for none */
    ProgressDisplay(Optional<Jupyter> kernel, Consumer<String> printer, LongSupplier nanoTime, Supplier<?> picture) {
        this.picture = picture;
        this.kernel = kernel;
        this.printer = printer;
        this.nanoTime = nanoTime;
    }

    @Override
    public void start(String work, long total, String unit) {
        this.work = work;
        this.total = total;
        this.unit = unit;
        started = nanoTime.getAsLong();
        completed = 0;
        baseline = -1;
        anythingShown = false;
        displayId = UUID.randomUUID().toString();
        pictureId = null;
        pictured = -1;
        kernel.ifPresent(k -> k.show(bar("starting", false), displayId));
    }

    @Override
    public void at(long completed, String note) {
        long now = nanoTime.getAsLong();
        this.completed = completed;
        if (baseline < 0) {
            baseline = completed;
            baselineTime = now;
        }
        if (anythingShown && now - shown < (kernel.isPresent() ? BAR_NANOS : LINE_NANOS)) {
            return;
        }
        shown = now;
        anythingShown = true;
        draw();
        double speed = 1e9 * (completed - baseline) / (now - baselineTime);
        StringBuilder state = new StringBuilder(String.format(Locale.ROOT, "%d %% (%,d of %,d %s)", percent(), completed, total, unit));
        if (speed > 0 && Double.isFinite(speed)) {
            state.append(", ").append(speed(speed)).append(", ").append(time((total - completed) / speed)).append(" left");
        }
        say(withNote(state.toString(), note), false);
    }

    @Override
    public void done(String note) {
        draw();
        double seconds = (nanoTime.getAsLong() - started) / 1e9;
        long since = Math.max(0, completed - Math.max(0, baseline));
        String state = String.format(Locale.ROOT, "%,d %s in %s", completed, unit, time(seconds));
        say(withNote(since > 0 && seconds > 0 ? state + ", " + speed(since / seconds) : state, note), true);
    }

    private void draw() {
        if (picture == null || kernel.isEmpty() || completed == pictured) {
            return;
        }
        pictured = completed;
        Object now = picture.get();
        if (now == null) {
            return;
        }
        if (pictureId == null) {
            pictureId = UUID.randomUUID().toString();
            kernel.get().show(MimeBundle.of(now), pictureId);
        } else {
            kernel.get().update(MimeBundle.of(now), pictureId);
        }
    }

    private void say(String state, boolean last) {
        if (kernel.isPresent()) {
            kernel.get().update(bar(state, last), displayId);
        } else {
            printer.accept(work + ": " + state);
        }
    }

    private MimeBundle bar(String state, boolean last) {
        String mark = last ? "<span style=\"color:#009e73\">✓</span> "
                : "<progress style=\"width:16em;vertical-align:middle\" max=\"100\" value=\"" + percent() + "\"></progress> ";
        return MimeBundle.with(MimeBundle.HTML, "<div>" + mark + "<b>" + Html.escaped(work) + "</b> " + Html.escaped(state) + "</div>",
                work + ": " + state);
    }

    private int percent() {
        return total <= 0 ? 0 : (int) Math.min(100, 100 * completed / total);
    }

    private String speed(double perSecond) {
        return perSecond >= 1 ? String.format(Locale.ROOT, perSecond >= 100 ? "%,.0f %s/s" : "%.1f %s/s", perSecond, unit)
                : String.format(Locale.ROOT, "%.1f %s/min", 60 * perSecond, unit);
    }

    static String time(double seconds) {
        long s = Math.round(seconds);
        return s < 60 ? s + " s" : s < 3600 ? s / 60 + " min " + s % 60 + " s" : s / 3600 + " h " + s % 3600 / 60 + " min";
    }

    private static String withNote(String state, String note) {
        return note == null || note.isBlank() ? state : state + ", " + note;
    }
}
