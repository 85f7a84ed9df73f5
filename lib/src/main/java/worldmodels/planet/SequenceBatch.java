package worldmodels.planet;

import java.nio.ByteBuffer;

/**
 * Chunks of episodes, time-major: row {@code t * batch + b}.
 *
 * @param steps   time steps
 * @param batch   chunks
 * @param frames  uint8 (time, batch, 64, 64, 3), direct
 * @param actions that led to each frame, each within [-1, 1]; zeros for a chunk's first (time * batch * action size)
 * @param rewards of the step that led to each frame; that of a chunk's first frame is not used (time * batch)
 */
public record SequenceBatch(int steps, int batch, ByteBuffer frames, float[] actions, float[] rewards) {}
