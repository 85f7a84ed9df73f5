package worldmodels.planet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import worldmodels.nn.Noise;

/** How many bits of a pixel a model sees. */
public enum PixelDepth {

    /** Both public versions: fewer colours leave less to encode that no planner needs (Kingma and Dhariwal 2018 do so for pictures). */
    FIVE_BITS(8, 32),

    /** Pixels as they are, to see what five bits cost or save. */
    EIGHT_BITS(1, 256);

    private final int merged;
    private final int levels;

    PixelDepth(int merged, int levels) {
        this.merged = merged;
        this.levels = levels;
    }

    /**
     * Pixels as the model sees them: reduced to their level, spread evenly over it, so that no density can pile up on the levels, and centred:
     * {@code (⌊pixel / 8⌋ + u) / 32 - ½} for five bits.
     *
     * @param frames uint8 (frames, 64, 64, 3)
     * @param noise  seed of u
     * @return float32 (frames, 3, 64, 64) in [-½, ½); its memory stays in the pictures' order, in which convolutions are faster
     */
    NDArray centred(NDArray frames, long noise) {
        return centred(frames, Noise.uniformInBulk(frames.getManager(), frames.getShape(), noise));
    }

    /** @param u evenly from [0, 1), of the frames' shape */
    NDArray centred(NDArray frames, NDArray u) {
        NDManager whole = frames.getManager();
        try (NDManager scratch = whole.newSubManager()) {
            NDArray pixels = frames.toType(DataType.FLOAT32, false);
            pixels.attach(scratch);
            NDArray level = merged == 1 ? pixels : pixels.divi(merged).floor();
            NDArray centred = level.addi(u).divi(levels).subi(0.5f).transpose(0, 3, 1, 2);
            centred.attach(whole);
            return centred;
        }
    }

    /** One model picture's value as the middle of a byte's level. */
    static int toByte(float value) {
        return Math.clamp(Math.round((value + 0.5f) * 256 - 0.5f), 0, 255);
    }
}
