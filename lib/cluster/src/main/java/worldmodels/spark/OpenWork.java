package worldmodels.spark;

import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import worldmodels.run.Cluster;
import worldmodels.run.Cluster.Worker;

/**
 * The workers that this executor has open and that do nothing just now. A search asks for the same ones generation after generation; of works that have not
 * been asked for lately they are closed.
 */
final class OpenWork {

    /** A search has two, for training and for selection; an evaluation comes between. */
    private static final int KEPT = 4;

    static {
        // Whatever is asked of an executor is done there, whichever cluster its machine's own variable names.
        Cluster.choose("");
    }

    private static final Map<String, Deque<Worker<Serializable, Serializable>>> IDLE = new LinkedHashMap<>(16, 0.75f, true);

    private OpenWork() {}

    static Worker<Serializable, Serializable> take(String work, Supplier<Worker<Serializable, Serializable>> maker) {
        synchronized (IDLE) {
            Deque<Worker<Serializable, Serializable>> idle = IDLE.computeIfAbsent(work, name -> new ArrayDeque<>());
            if (!idle.isEmpty()) {
                return idle.pop();
            }
        }
        return maker.get();
    }

    static void giveBack(String work, Worker<Serializable, Serializable> worker) {
        synchronized (IDLE) {
            IDLE.computeIfAbsent(work, name -> new ArrayDeque<>()).push(worker);
            while (IDLE.size() > KEPT) {
                String oldest = IDLE.keySet().iterator().next();
                IDLE.remove(oldest).forEach(Worker::close);
            }
        }
    }
}
