package worldmodels.rl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import worldmodels.env.Space;
import worldmodels.nn.Checkpoint;
import worldmodels.nn.TorchOps;

/** What was seen since the last update, row after row, as networks see it: vectors normalised, pictures in [0, 1]. */
abstract sealed class Sights {

    /** @param normalised whether vectors are seen less their running mean, in running deviations */
    static Sights of(Space space, boolean normalised) {
        return space.type() == Space.Type.UINT8 ? new Pictures(space) : new Vectors(space, normalised);
    }

    /** Remembers a lane's observation. @return its row */
    abstract int add(ByteBuffer observations, int lane);

    /** How many rows there are. */
    abstract int count();

    /** One observation as the plain network takes it; overwritten by the next. */
    abstract float[] look(ByteBuffer observations, int lane);

    /** Rows as the network takes them: (rows, numbers) or (rows, channels, height, width). */
    abstract NDArray array(NDManager scope, int[] rows, int from, int count);

    /** From now on vectors are seen by the mean and the deviation of these rows too. */
    abstract void learn();

    /** Forgets the rows, and, if nothing was learned from them, that they ever were. */
    abstract void clear();

    abstract void save(Checkpoint.Draft draft);

    abstract void restore(Checkpoint found);

    private static ByteBuffer part(ByteBuffer observations, int lane, int bytes) {
        return observations.slice(lane * bytes, bytes).order(observations.order());
    }

    /** While rows are added, all are seen by the mean and the deviation of those before the last update: what acted is what learns. */
    private static final class Vectors extends Sights {

        private final int size;
        private final boolean normalised;
        private final RunningNormalisation used;
        private final RunningNormalisation seen;
        private final List<float[]> rows = new ArrayList<>();
        private final float[] raw;
        private final float[] looked;
        private ByteBuffer batch = ByteBuffer.allocateDirect(0);

        Vectors(Space space, boolean normalised) {
            this.size = space.size();
            this.normalised = normalised;
            this.used = new RunningNormalisation(size);
            this.seen = new RunningNormalisation(size);
            this.raw = new float[size];
            this.looked = new float[size];
        }

        @Override
        int add(ByteBuffer observations, int lane) {
            rows.add(look(observations, lane).clone());
            if (normalised) {
                seen.see(raw);
            }
            return rows.size() - 1;
        }

        @Override
        int count() {
            return rows.size();
        }

        @Override
        float[] look(ByteBuffer observations, int lane) {
            part(observations, lane, size * Float.BYTES).asFloatBuffer().get(raw);
            used.apply(raw, 0, looked, 0);
            return looked;
        }

        @Override
        NDArray array(NDManager scope, int[] which, int from, int count) {
            int bytes = count * size * Float.BYTES;
            if (batch.capacity() != bytes) {
                batch = ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
            }
            for (int i = 0; i < count; i++) {
                batch.asFloatBuffer().put(i * size, rows.get(which[from + i]));
            }
            return scope.create(batch.clear(), new Shape(count, size), DataType.FLOAT32);
        }

        @Override
        void learn() {
            used.follow(seen);
        }

        @Override
        void clear() {
            rows.clear();
            seen.follow(used);
        }

        @Override
        void save(Checkpoint.Draft draft) {
            used.save(draft);
        }

        @Override
        void restore(Checkpoint found) {
            used.restore(found);
            seen.follow(used);
        }
    }

    private static final class Pictures extends Sights {

        private final int[] shape;
        private final int bytes;
        private final List<byte[]> rows = new ArrayList<>();
        private final float[] looked;
        private ByteBuffer batch = ByteBuffer.allocateDirect(0);

        Pictures(Space space) {
            this.shape = space.shape();
            this.bytes = space.bytes();
            this.looked = new float[bytes];
        }

        @Override
        int add(ByteBuffer observations, int lane) {
            byte[] row = new byte[bytes];
            part(observations, lane, bytes).get(row);
            rows.add(row);
            return rows.size() - 1;
        }

        @Override
        int count() {
            return rows.size();
        }

        @Override
        float[] look(ByteBuffer observations, int lane) {
            for (int i = 0, at = lane * bytes; i < bytes; i++) {
                looked[i] = (observations.get(at + i) & 0xFF) * (1f / 255);
            }
            return looked;
        }

        @Override
        NDArray array(NDManager scope, int[] which, int from, int count) {
            if (batch.capacity() != count * bytes) {
                batch = ByteBuffer.allocateDirect(count * bytes);
            }
            for (int i = 0; i < count; i++) {
                batch.put(i * bytes, rows.get(which[from + i]));
            }
            NDArray pictures = scope.create(batch.clear(), new Shape(count, shape[0], shape[1], shape[2]), DataType.UINT8);
            return TorchOps.times(pictures.toType(DataType.FLOAT32, false), 1.0 / 255).transpose(0, 3, 1, 2);
        }

        @Override
        void learn() {}

        @Override
        void clear() {
            rows.clear();
        }

        @Override
        void save(Checkpoint.Draft draft) {}

        @Override
        void restore(Checkpoint found) {}
    }
}
