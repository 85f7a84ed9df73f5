package io.github.spencerpark.ijava.runtime;

import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import java.util.UUID;

/** IJava's cell API: rich output. Statically imported into every cell; {@code as} names MIME types such as {@code "text/html"}. */
public final class Display {

    private Display() {}

    public static DisplayData render(Object value) {
        return Kernel.running().getRenderer().render(value);
    }

    public static DisplayData render(Object value, String... as) {
        return Kernel.running().getRenderer().renderAs(value, as);
    }

    /** @return the id that {@link #updateDisplay(String, Object)} takes */
    public static String display(Object value) {
        return show(render(value));
    }

    public static String display(Object value, String... as) {
        return show(render(value, as));
    }

    public static void updateDisplay(String id, Object value) {
        Kernel.running().getIO().display.updateDisplay(id, render(value));
    }

    public static void updateDisplay(String id, Object value, String... as) {
        Kernel.running().getIO().display.updateDisplay(id, render(value, as));
    }

    private static String show(DisplayData data) {
        if (!data.hasDisplayId()) {
            data.setDisplayId(UUID.randomUUID().toString());
        }
        Kernel.running().display(data);
        return data.getDisplayId();
    }
}
