package worldmodels.data;

import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import worldmodels.random.Pcg64;
import worldmodels.run.KitException;
import worldmodels.run.StoppedException;

/**
 * Items of many episodes in shuffled order, though only a part of the episodes fits in memory. Each epoch puts
 * the episodes in a new random order and cuts it into windows that fit; a window's items are drawn in random order while the next window
 * is read in the background. The order is a function of seed and epoch, so any place in it can be found again.
 *
 * <p>Memory: two windows, one in use and one being read. Where one window holds everything, it is read once and kept.
 *
 * @param <T> a loaded episode
 */
final class ShuffledWindows<T> implements AutoCloseable {

    private record Plan(long epoch, int[] order, int[] windowStart, long[] itemStart) {

        int windows() {
            return windowStart.length - 1;
        }

        int windowOf(long item) {
            int found = Arrays.binarySearch(itemStart, item);
            int window = found >= 0 ? found : -found - 2;
            // Of windows that begin at the same item, all but the last are empty.
            while (window + 1 < windows() && itemStart[window + 1] == item) {
                window++;
            }
            return window;
        }
    }

    /** Items of a window in the order in which they are drawn: slot says which of its episodes, item which of that episode's items. */
    private record Window<T>(Plan plan, int number, Object[] episodes, int[] slot, int[] item) {}

    private final String name;
    private final int[] items;
    private final long[] bytes;
    private final long usedPerEpoch;
    private final int windowsPerEpoch;
    private final long seed;
    private final IntFunction<T> loader;
    private final ExecutorService reader;
    private final Object[] resident;

    private Plan plan;
    private Window<T> current;
    private int at;
    private Future<Window<T>> ahead;
    private long aheadEpoch = -1;
    private int aheadNumber;

    /**
     * @param name         makes the random stream this use's own
     * @param items        number of items per episode
     * @param bytes        memory per episode
     * @param budget       memory for one window
     * @param usedPerEpoch how many items are drawn per epoch, at most all; the rest (other ones in each epoch) is left out
     * @param loader       reads an episode; called in the background
     */
    ShuffledWindows(String name, int[] items, long[] bytes, long budget, long usedPerEpoch, long seed, IntFunction<T> loader) {
        this.name = name;
        this.items = items;
        this.bytes = bytes;
        this.usedPerEpoch = usedPerEpoch;
        this.seed = seed;
        this.loader = loader;
        long all = LongStream.of(bytes).sum();
        windowsPerEpoch = (int) Math.clamp(Math.ceilDiv(all, budget), 1, items.length);
        resident = windowsPerEpoch == 1 ? new Object[items.length] : null;
        reader = Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("reading-ahead").factory());
        seek(0, 0);
    }

    /** Makes an item of an epoch the next one. */
    void seek(long epoch, long item) {
        plan = plan(epoch);
        int window = plan.windowOf(item);
        at = (int) (item - plan.itemStart[window]) - 1;
        if (current == null || current.plan.epoch != epoch || current.number != window) {
            current = null;
            readAhead(plan, window);
        }
    }

    /** Goes to the next item, after an epoch's last to the next epoch's first. */
    void next() {
        if (current == null) {
            take();
        }
        at++;
        while (at == current.slot.length || current.plan.itemStart[current.number] + at >= usedPerEpoch) {
            take();
            at = 0;
        }
    }

    /** The loaded episode of the item gone to. */
    @SuppressWarnings("unchecked")
    T episode() {
        return (T) current.episodes[current.slot[at]];
    }

    /** The item's number in its episode. */
    int item() {
        return current.item[at];
    }

    /** Makes the window that was read ahead the current one, and begins to read the one after. */
    private void take() {
        // Lets the old window go before waiting, so that there are never three.
        current = null;
        try {
            current = ahead.get();
        } catch (InterruptedException e) {
            throw new StoppedException("Reading episodes");
        } catch (ExecutionException e) {
            aheadEpoch = -1;
            throw new KitException(e.getCause() instanceof KitException known ? known.getMessage()
                    : "Episodes could not be read (" + e.getCause() + ").", e.getCause());
        }
        plan = current.plan;
        int following = current.number + 1;
        boolean epochEnds = following == plan.windows() || plan.itemStart[following] >= usedPerEpoch;
        readAhead(epochEnds ? plan(plan.epoch + 1) : plan, epochEnds ? 0 : following);
    }

    private void readAhead(Plan ofEpoch, int window) {
        if (aheadEpoch == ofEpoch.epoch && aheadNumber == window) {
            return;
        }
        if (ahead != null) {
            ahead.cancel(false);
        }
        aheadEpoch = ofEpoch.epoch;
        aheadNumber = window;
        ahead = reader.submit(() -> read(ofEpoch, window));
    }

    private Window<T> read(Plan ofEpoch, int number) {
        int from = ofEpoch.windowStart[number];
        Object[] episodes = new Object[ofEpoch.windowStart[number + 1] - from];
        int count = (int) (ofEpoch.itemStart[number + 1] - ofEpoch.itemStart[number]);
        int[] slotOf = new int[count];
        int[] itemOf = new int[count];
        int n = 0;
        for (int slot = 0; slot < episodes.length; slot++) {
            int episode = ofEpoch.order[from + slot];
            episodes[slot] = load(episode);
            for (int i = 0; i < items[episode]; i++) {
                slotOf[n] = slot;
                itemOf[n++] = i;
            }
        }
        int[] order = Pcg64.stream(seed, name + "/epoch " + ofEpoch.epoch + "/window " + number).permutation(count);
        int[] slot = IntStream.of(order).map(i -> slotOf[i]).toArray();
        int[] item = IntStream.of(order).map(i -> itemOf[i]).toArray();
        return new Window<>(ofEpoch, number, episodes, slot, item);
    }

    private Object load(int episode) {
        if (resident == null) {
            return loader.apply(episode);
        }
        if (resident[episode] == null) {
            resident[episode] = loader.apply(episode);
        }
        return resident[episode];
    }

    /** Windows of about equal size, so that the last is no poorer mixture than the others. */
    private Plan plan(long epoch) {
        if (plan != null && plan.epoch == epoch) {
            return plan;
        }
        int[] order = Pcg64.stream(seed, name + "/epoch " + epoch).permutation(items.length);
        long all = Math.max(1, LongStream.of(bytes).sum());
        int[] windowStart = new int[windowsPerEpoch + 1];
        long[] itemStart = new long[windowsPerEpoch + 1];
        long bytesBefore = 0;
        long itemsBefore = 0;
        int window = 0;
        for (int i = 0; i < order.length; i++) {
            while (window < Math.min(windowsPerEpoch - 1, bytesBefore * windowsPerEpoch / all)) {
                window++;
                windowStart[window] = i;
                itemStart[window] = itemsBefore;
            }
            bytesBefore += bytes[order[i]];
            itemsBefore += items[order[i]];
        }
        while (window < windowsPerEpoch) {
            window++;
            windowStart[window] = order.length;
            itemStart[window] = itemsBefore;
        }
        return new Plan(epoch, order, windowStart, itemStart);
    }

    @Override
    public void close() {
        reader.shutdownNow();
        current = null;
        ahead = null;
    }
}
