package worldmodels.spark;

import java.io.Serializable;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.ObjIntConsumer;
import java.util.stream.IntStream;
import org.apache.spark.SimpleFutureAction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.RDD;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.runtime.AbstractFunction0;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;
import worldmodels.run.Cluster.Traffic;
import worldmodels.run.Cluster.Work;
import worldmodels.run.Cluster.Workers;
import worldmodels.run.KitException;
import worldmodels.run.StoppedException;

/** One work on the executors: broadcast once, then job by job, with a task for each piece. */
final class SparkWorkers<T extends Serializable, R extends Serializable> implements Workers<T, R> {

    private static final ClassTag<byte[]> BYTES = ClassTag.apply(byte[].class);
    private static final int LOOKED_AFTER_EVERY_MS = 100;

    /** A result that Spark has brought. */
    private record Arrival(int piece, byte[] bytes) {}

    private final SparkCluster cluster;
    private final String name = UUID.randomUUID().toString();
    private final Broadcast<byte[]> work;
    private final long size;
    private long sent;
    private long received;

    SparkWorkers(SparkCluster cluster, Work<T, R> work) {
        this.cluster = cluster;
        byte[] packed = Parcel.pack(work);
        this.size = packed.length;
        cluster.requireRoomFor(size);
        this.work = cluster.context().broadcast(packed, BYTES);
    }

    @Override
    public int cores() {
        return cluster.cores();
    }

    @Override
    public void each(List<T> pieces, ObjIntConsumer<R> taker) {
        SparkCluster.inside(() -> {
            doAll(pieces, taker);
            return null;
        });
    }

    private void doAll(List<T> pieces, ObjIntConsumer<R> taker) {
        StoppedException.throwIfInterrupted(SparkCluster.WORK);
        BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
        SimpleFutureAction<BoxedUnit> job = submit(pieces, arrivals);
        try {
            for (int left = pieces.size(); left > 0;) {
                Arrival arrival = arrivals.poll(LOOKED_AFTER_EVERY_MS, TimeUnit.MILLISECONDS);
                if (arrival != null) {
                    taker.accept(result(arrival.bytes), arrival.piece);
                    left--;
                } else if (job.isCompleted() && job.value().get().isFailure()) {
                    throw cluster.failed(job.value().get().failed().get());
                }
            }
        } catch (InterruptedException e) {
            throw new StoppedException(SparkCluster.WORK);
        } finally {
            // Of a job that is done there is nothing left to cancel.
            job.cancel();
        }
    }

    private SimpleFutureAction<BoxedUnit> submit(List<T> pieces, BlockingQueue<Arrival> arrivals) {
        List<byte[]> packed = pieces.stream().map(Parcel::pack).toList();
        sent += packed.stream().mapToLong(piece -> piece.length).sum();
        RDD<byte[]> tasks = cluster.context().parallelize(CollectionConverters.asScala(packed).toSeq(), Math.max(1, packed.size()), BYTES);
        // A task that is cancelled hears of it as every work does, by an interrupt.
        cluster.context().setJobGroup(name, SparkCluster.WORK, true);
        return cluster.context().submitJob(tasks, new Attendance(cluster.driver(), name, work),
                CollectionConverters.asScala(IntStream.range(0, packed.size()).<Object>mapToObj(i -> i).toList()).toSeq(), new AbstractFunction2<>() {

                    @Override
                    public BoxedUnit apply(Object piece, byte[] bytes) {
                        arrivals.add(new Arrival((Integer) piece, bytes));
                        return BoxedUnit.UNIT;
                    }
                }, new AbstractFunction0<>() {

                    @Override
                    public BoxedUnit apply() {
                        return BoxedUnit.UNIT;
                    }
                });
    }

    private R result(byte[] bytes) {
        received += bytes.length;
        Answer answer = Parcel.unpack(bytes);
        cluster.heardOf(answer.from());
        if (answer.refusal() != null) {
            throw new KitException(answer.refusal());
        }
        @SuppressWarnings("unchecked")
        R result = (R) answer.result();
        return result;
    }

    @Override
    public Traffic traffic() {
        return new Traffic(size, sent, received);
    }

    @Override
    public void close() {
        SparkCluster.inside(() -> {
            work.destroy();
            return null;
        });
    }
}
