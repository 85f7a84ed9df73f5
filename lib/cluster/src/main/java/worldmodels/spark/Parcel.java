package worldmodels.spark;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.Serializable;
import worldmodels.run.KitException;

/** Values as bytes, so that Spark carries nothing but bytes, which can be counted. */
final class Parcel {

    private Parcel() {}

    static byte[] pack(Serializable value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        } catch (IOException e) {
            throw new KitException("This work cannot be sent to a cluster (" + e + "); what it holds must be Serializable, and made by the library, not in a cell.", e);
        }
        return bytes.toByteArray();
    }

    /** @throws KitException if a class is not here */
    @SuppressWarnings("unchecked")
    static <T> T unpack(byte[] bytes) {
        try (ObjectInputStream in = new Opening(bytes)) {
            return (T) in.readObject();
        } catch (IOException | ClassNotFoundException e) {
            throw new KitException("What came over the network cannot be read here (" + e + "); put the same build of the kit on all machines.", e);
        }
    }

    /** In a notebook Spark is in a class loader of its own, below the kit's. */
    private static final class Opening extends ObjectInputStream {

        Opening(byte[] bytes) throws IOException {
            super(new ByteArrayInputStream(bytes));
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass description) throws IOException, ClassNotFoundException {
            try {
                return Class.forName(description.getName(), false, Parcel.class.getClassLoader());
            } catch (ClassNotFoundException e) {
                return super.resolveClass(description);
            }
        }
    }
}
