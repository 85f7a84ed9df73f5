package worldmodels.env;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import worldmodels.run.KitException;

/**
 * Many copies of one environment, stepped together on several threads. Their number makes no difference to any lane's course.
 *
 * <p>Lanes are handed out one by one, so that a slow lane holds up nobody, and the calling thread works along. A failure in a lane
 * reaches the caller after the other lanes have finished their step. An interrupt does not cut a step short; it stays set for the
 * caller's loop to find.
 *
 * @implNote One caller at a time. The threads are daemons that spin for a moment and then sleep between calls; {@link #close} ends them.
 */
public final class ThreadedEnvironments implements BatchedEnvironment {

    /** About 20 microseconds: longer than a hand-over between steps, short beside a step, so that networks get their cores back. */
    private static final int SPINS = 500;

    private final Environment[] environments;
    private final Space observationSpace;
    private final Space actionSpace;
    private final double[][] action;
    private final Thread[] workers;

    // One round of work: written by the caller before the tickets are set, read by whoever draws a ticket.
    private final int[] laneOfTicket;
    private IntConsumer work;
    private Thread caller;
    private final AtomicInteger tickets = new AtomicInteger();
    private final AtomicInteger unfinished = new AtomicInteger();
    private Throwable failure;
    private int failedLane;
    private volatile boolean closed;

    // What step and reset work on; kept here so that a step allocates nothing.
    private final IntConsumer stepLane = this::stepLane;
    private final IntConsumer resetLane = this::resetLane;
    private double[] actions;
    private double[] rewards;
    private boolean[] terminated;
    private boolean[] truncated;
    private long[] seeds;
    private ByteBuffer[] places;
    private final ByteBuffer[] knownBuffers = new ByteBuffer[2];
    private final ByteBuffer[][] knownPlaces = new ByteBuffer[2][];

    /**
     * @param lanes   number of environments
     * @param threads number of threads that step them, the caller's included; usually the number of cores
     * @param maker   makes one environment, independent of the others
     * @throws KitException if lanes or threads is below 1
     */
    public ThreadedEnvironments(int lanes, int threads, Supplier<? extends Environment> maker) {
        if (lanes < 1 || threads < 1) {
            throw new KitException("A batch of environments needs at least 1 lane and 1 thread, not " + lanes + " and " + threads + ".");
        }
        environments = new Environment[lanes];
        for (int i = 0; i < lanes; i++) {
            environments[i] = maker.get();
        }
        observationSpace = environments[0].observationSpace();
        actionSpace = environments[0].actionSpace();
        action = new double[lanes][actionSpace.size()];
        laneOfTicket = new int[lanes];
        workers = new Thread[Math.min(threads, lanes) - 1];
        for (int i = 0; i < workers.length; i++) {
            workers[i] = Thread.ofPlatform().daemon().name("environments-" + (i + 1)).start(this::serve);
        }
    }

    @Override
    public int lanes() {
        return environments.length;
    }

    @Override
    public Space observationSpace() {
        return observationSpace;
    }

    @Override
    public Space actionSpace() {
        return actionSpace;
    }

    /** One lane's environment, to look at between steps. */
    public Environment lane(int i) {
        return environments[i];
    }

    @Override
    public void reset(boolean[] which, long[] seeds, ByteBuffer observations) {
        BatchedEnvironment.requireLength("seeds", seeds.length, lanes());
        this.seeds = seeds;
        this.places = placesIn(observations);
        onLanes(which, resetLane);
    }

    @Override
    public void step(boolean[] active, double[] actions, double[] rewards, boolean[] terminated, boolean[] truncated,
            ByteBuffer observations) {
        BatchedEnvironment.requireLength("actions", actions.length, lanes() * actionSpace.size());
        BatchedEnvironment.requireLength("rewards", rewards.length, lanes());
        BatchedEnvironment.requireLength("terminated", terminated.length, lanes());
        BatchedEnvironment.requireLength("truncated", truncated.length, lanes());
        this.actions = actions;
        this.rewards = rewards;
        this.terminated = terminated;
        this.truncated = truncated;
        this.places = placesIn(observations);
        onLanes(active, stepLane);
    }

    @Override
    public void onLanes(boolean[] which, IntConsumer work) {
        BatchedEnvironment.requireLength("lane marks", which.length, lanes());
        if (closed) {
            throw new KitException("These environments have been closed; make a new batch.");
        }
        int count = 0;
        for (int lane = lanes() - 1; lane >= 0; lane--) {
            if (which[lane]) {
                laneOfTicket[count++] = lane;
            }
        }
        if (count == 0) {
            return;
        }
        this.work = work;
        caller = Thread.currentThread();
        failure = null;
        unfinished.set(count);
        tickets.set(count);
        for (int i = 0; i < Math.min(workers.length, count - 1); i++) {
            LockSupport.unpark(workers[i]);
        }
        drawTickets();
        awaitTheOthers();
        throwFailure();
    }

    private void serve() {
        while (!closed) {
            drawTickets();
            for (int spins = 0; tickets.get() <= 0 && !closed; spins++) {
                if (spins < SPINS) {
                    Thread.onSpinWait();
                } else {
                    LockSupport.park(this);
                }
            }
        }
    }

    private void drawTickets() {
        for (int ticket = tickets.getAndDecrement(); ticket > 0; ticket = tickets.getAndDecrement()) {
            int lane = laneOfTicket[ticket - 1];
            try {
                work.accept(lane);
            } catch (Throwable thrown) {
                keepFailure(lane, thrown);
            }
            // The caller may start its next round as soon as nothing is unfinished, so who to wake is read before.
            Thread waiting = caller;
            if (unfinished.decrementAndGet() == 0 && waiting != Thread.currentThread()) {
                LockSupport.unpark(waiting);
            }
        }
    }

    private void awaitTheOthers() {
        boolean interrupted = false;
        for (int spins = 0; unfinished.get() > 0; spins++) {
            if (spins < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.park(this);
                interrupted |= Thread.interrupted();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void keepFailure(int lane, Throwable thrown) {
        if (failure == null || lane < failedLane) {
            failure = thrown;
            failedLane = lane;
        }
    }

    private synchronized void throwFailure() {
        switch (failure) {
            case null -> { }
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException("lane " + failedLane, failure);
        }
    }

    private void resetLane(int lane) {
        environments[lane].reset(seeds[lane]);
        observe(lane);
    }

    private void stepLane(int lane) {
        double[] mine = action[lane];
        System.arraycopy(actions, lane * mine.length, mine, 0, mine.length);
        Transition transition = environments[lane].step(mine);
        rewards[lane] = transition.reward();
        terminated[lane] = transition.terminated();
        truncated[lane] = transition.truncated();
        observe(lane);
    }

    private void observe(int lane) {
        if (places != null) {
            environments[lane].observe(places[lane].clear());
        }
    }

    /** Views of each lane's part of a buffer; those of the last two buffers are remembered, for callers that alternate. */
    private ByteBuffer[] placesIn(ByteBuffer observations) {
        if (observations == null) {
            return null;
        }
        for (int i = 0; i < knownBuffers.length; i++) {
            if (knownBuffers[i] == observations) {
                return knownPlaces[i];
            }
        }
        int bytes = observationSpace.bytes();
        requireRoom(observations);
        ByteBuffer[] parts = new ByteBuffer[lanes()];
        ByteBuffer whole = observations.duplicate().clear();
        for (int lane = 0; lane < parts.length; lane++) {
            parts[lane] = whole.slice(lane * bytes, bytes).order(observations.order());
        }
        knownBuffers[1] = knownBuffers[0];
        knownPlaces[1] = knownPlaces[0];
        knownBuffers[0] = observations;
        knownPlaces[0] = parts;
        return parts;
    }

    /** Ends the threads and closes the environments; when it returns, no thread of this batch is left. */
    @Override
    public void close() {
        closed = true;
        for (Thread worker : workers) {
            LockSupport.unpark(worker);
        }
        awaitEnd();
        for (Environment environment : environments) {
            environment.close();
        }
    }

    /** The threads have nothing left to do but to look at {@code closed}; an interrupt stays set for the caller. */
    private void awaitEnd() {
        boolean interrupted = false;
        for (Thread worker : workers) {
            while (worker.isAlive()) {
                try {
                    worker.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
