package worldmodels.planet;

import java.util.function.Supplier;
import worldmodels.env.Environment;

/**
 * A task to learn from pixels.
 *
 * @param name         as tables print it
 * @param environment  makes one: uint8 pictures of 64 x 64 in colour, actions already repeated, episodes that end by themselves
 * @param actionRepeat simulator steps per step of the environment, for counting
 */
public record PixelTask(String name, Supplier<? extends Environment> environment, int actionRepeat) {}
