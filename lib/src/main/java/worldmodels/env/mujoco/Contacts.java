package worldmodels.env.mujoco;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/**
 * The contacts of a {@link Simulation} as its last forward pass or step found them (world axes, metres); contact {@code i} of {@link #count}.
 * It follows the simulation and allocates nothing.
 */
public final class Contacts {

    private final MemorySegment data;
    private final MemorySegment contacts;

    Contacts(Simulation simulation) {
        data = simulation.data();
        contacts = simulation.view(data.get(JAVA_LONG, Layout.CONTACT), Layout.CONTACT_BYTES * Layout.integer(simulation.model(), Layout.NCONMAX));
    }

    public int count() {
        return Layout.integer(data, Layout.NCON);
    }

    /** How far the two geoms are apart; negative where they overlap. */
    public double distance(int i) {
        return contacts.get(JAVA_DOUBLE, i * Layout.CONTACT_BYTES + Layout.CONTACT_DIST);
    }

    /** A coordinate of the point midway between the geoms. */
    public double position(int i, int axis) {
        return contacts.get(JAVA_DOUBLE, i * Layout.CONTACT_BYTES + Layout.CONTACT_POS + (long) axis * Double.BYTES);
    }

    /** A coordinate of the contact's frame: vector 0 is the normal, from the first geom to the second, 1 and 2 are tangents. */
    public double frame(int i, int vector, int axis) {
        return contacts.get(JAVA_DOUBLE, i * Layout.CONTACT_BYTES + Layout.CONTACT_FRAME + (3L * vector + axis) * Double.BYTES);
    }

    public int firstGeom(int i) {
        return contacts.get(JAVA_INT, i * Layout.CONTACT_BYTES + Layout.CONTACT_GEOM_1);
    }

    public int secondGeom(int i) {
        return contacts.get(JAVA_INT, i * Layout.CONTACT_BYTES + Layout.CONTACT_GEOM_2);
    }
}
