package io.github.spencerpark.ijava.runtime;

import java.util.List;

/** IJava's cell API: magics called from Java code. Statically imported into every cell. */
public final class Magics {

    private Magics() {}

    /** Does what the line {@code %name args} does. */
    public static <T> T lineMagic(String name, List<String> args) throws Exception {
        return Kernel.running().getMagics().applyLineMagic(name, args);
    }

    /** Does what a cell does that begins with {@code %%name args}. */
    public static <T> T cellMagic(String name, List<String> args, String body) throws Exception {
        return Kernel.running().getMagics().applyCellMagic(name, args, body);
    }
}
