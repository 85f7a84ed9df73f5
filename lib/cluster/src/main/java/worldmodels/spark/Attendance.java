package worldmodels.spark;

import java.io.Serializable;
import org.apache.spark.SparkEnv;
import org.apache.spark.broadcast.Broadcast;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction1;
import worldmodels.run.Cluster.Executor;
import worldmodels.run.Cluster.Work;
import worldmodels.run.Cluster.Worker;
import worldmodels.run.KitException;
import worldmodels.run.Processor;
import worldmodels.run.StoppedException;

/** One task, on an executor: one piece of a work. Whoever could give other bits than the driver refuses before it begins. */
final class Attendance extends AbstractFunction1<Iterator<byte[]>, byte[]> implements Serializable {

    private final Executor driver;
    private final String name;
    private final Broadcast<byte[]> work;

    /** @param name of this work, unlike any other's */
    Attendance(Executor driver, String name, Broadcast<byte[]> work) {
        this.driver = driver;
        this.name = name;
        this.work = work;
    }

    @Override
    public byte[] apply(Iterator<byte[]> pieces) {
        Executor here = Executor.here(SparkEnv.get().executorId(), SparkEnv.get().blockManager().blockManagerId().host(), Processor.available());
        try {
            here.requireLike(driver);
            return Parcel.pack(new Answer(here, result(pieces.next()), null));
        } catch (StoppedException e) {
            // Spark has interrupted the task, and nobody waits for its result.
            throw e;
        } catch (KitException e) {
            return Parcel.pack(new Answer(here, null, e.getMessage()));
        }
    }

    private Serializable result(byte[] piece) {
        Worker<Serializable, Serializable> worker = OpenWork.take(name, () -> Parcel.<Work<Serializable, Serializable>>unpack(work.value()).open());
        Serializable result = worker.apply(Parcel.unpack(piece));
        // One that was interrupted or has failed is in an unknown state and is not taken again.
        OpenWork.giveBack(name, worker);
        return result;
    }
}
