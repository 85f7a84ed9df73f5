package worldmodels.env.carracing;

import java.awt.image.BufferedImage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import worldmodels.Golden;
import worldmodels.random.Pcg64;

/** A recorded trace as scenes, with the tiles that the car has touched by then worked out from its poses. */
final class RecordedDrive {

    private static final String[] WHEELS = {"FL", "FR", "RL", "RR"};
    private static final double SIZE = 0.02;
    /** Box2D's two polygon skins. */
    private static final double SKIN = 0.02;
    private static final double[][] HULL = {
        {-60, 130, 60, 130, 60, 110, -60, 110}, {-15, 120, 15, 120, 20, 20, -20, 20},
        {25, 20, 50, -10, 50, -40, 20, -90, -20, -90, -50, -40, -50, -10, -25, 20}, {-50, -120, 50, -120, 50, -90, -50, -90}};
    private static final double[] WHEEL = {-14, 27, 14, 27, 14, -27, -14, -27};

    final String name;
    final Track track;
    final double[][] quads;
    private final List<String> columns;
    private final List<double[]> rows = new ArrayList<>();

    RecordedDrive(String name, int seed) {
        this.name = name;
        track = Track.generate(Pcg64.seeded(seed));
        quads = track.quads().stream().map(Track.Quad::corners).toArray(double[][]::new);
        try (BufferedReader in = Golden.read("carracing/trace_" + name + ".csv.gz")) {
            columns = Arrays.asList(in.readLine().split(","));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                rows.add(Arrays.stream(line.split(",")).mapToDouble(Double::parseDouble).toArray());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int steps() {
        return rows.size() - 1;
    }

    double value(int step, String column) {
        return rows.get(step)[columns.indexOf(column)];
    }

    Scene scene(int step) {
        Scene scene = new Scene();
        scene.hullX = value(step, "hull_x");
        scene.hullY = value(step, "hull_y");
        scene.hullAngle = value(step, "hull_angle");
        scene.hullVx = value(step, "hull_vx");
        scene.hullVy = value(step, "hull_vy");
        scene.hullOmega = value(step, "hull_omega");
        scene.time = 0;
        for (int i = 0; i <= step; i++) {
            scene.time += 1.0 / 50;
        }
        for (int w = 0; w < Scene.WHEELS; w++) {
            scene.wheelX[w] = value(step, WHEELS[w] + "_x");
            scene.wheelY[w] = value(step, WHEELS[w] + "_y");
            scene.wheelAngle[w] = value(step, WHEELS[w] + "_angle");
            scene.wheelOmega[w] = value(step, WHEELS[w] + "_omega");
            scene.wheelPhase[w] = value(step, WHEELS[w] + "_phase");
        }
        scene.frontLeftJointAngle = value(step, "FL_joint_angle");
        // The picture is drawn before this step's -0.1.
        scene.score = value(step, "cum_reward") + (step == 0 ? 0 : 0.1);
        return scene;
    }

    /** Colours of the road at a step: contacts fire at the start of a step, so they are those of the poses before it. */
    int[] coloursAt(int step) {
        int[] rgb = track.quads().stream().mapToInt(Track.Quad::rgb).toArray();
        for (int i = 0; i < rgb.length; i++) {
            // The step inside the reset touches tile 1 in the recorded tracks; tile 0 has that colour from the start.
            if (!track.quads().get(i).border() && track.quads().get(i).tile() == 1) {
                rgb[i] = 0x666666;
            }
        }
        for (int s = 0; s < step; s++) {
            for (int i = 0; i < rgb.length; i++) {
                double[] quad = quads[i];
                if (!track.quads().get(i).border() && rgb[i] != 0x666666
                        && Math.hypot(quad[0] - value(s, "hull_x"), quad[1] - value(s, "hull_y")) < 25 && touches(s, quad)) {
                    rgb[i] = 0x666666;
                }
            }
        }
        return rgb;
    }

    private boolean touches(int step, double[] quad) {
        for (double[] part : HULL) {
            if (overlap(placed(part, value(step, "hull_x"), value(step, "hull_y"), value(step, "hull_angle")), quad)) {
                return true;
            }
        }
        for (String wheel : WHEELS) {
            double[] placed = placed(WHEEL, value(step, wheel + "_x"), value(step, wheel + "_y"), value(step, wheel + "_angle"));
            if (overlap(placed, quad)) {
                return true;
            }
        }
        return false;
    }

    private static double[] placed(double[] polygon, double x, double y, double angle) {
        double[] world = new double[polygon.length];
        for (int i = 0; i < polygon.length; i += 2) {
            double px = polygon[i] * SIZE;
            double py = polygon[i + 1] * SIZE;
            world[i] = Math.cos(angle) * px - Math.sin(angle) * py + x;
            world[i + 1] = Math.sin(angle) * px + Math.cos(angle) * py + y;
        }
        return world;
    }

    private static boolean overlap(double[] a, double[] b) {
        return !isSeparated(a, b) && !isSeparated(b, a);
    }

    /** Whether some side of polygon a has all of polygon b on its other side, further away than the skin. */
    private static boolean isSeparated(double[] a, double[] b) {
        for (int i = 0; i < a.length; i += 2) {
            int j = (i + 2) % a.length;
            double nx = a[j + 1] - a[i + 1];
            double ny = a[i] - a[j];
            double length = Math.hypot(nx, ny);
            double own = Double.NEGATIVE_INFINITY;
            double ownLow = Double.POSITIVE_INFINITY;
            for (int k = 0; k < a.length; k += 2) {
                own = Math.max(own, (a[k] * nx + a[k + 1] * ny) / length);
                ownLow = Math.min(ownLow, (a[k] * nx + a[k + 1] * ny) / length);
            }
            double other = Double.POSITIVE_INFINITY;
            double otherHigh = Double.NEGATIVE_INFINITY;
            for (int k = 0; k < b.length; k += 2) {
                other = Math.min(other, (b[k] * nx + b[k + 1] * ny) / length);
                otherHigh = Math.max(otherHigh, (b[k] * nx + b[k + 1] * ny) / length);
            }
            if (other > own + SKIN || otherHigh < ownLow - SKIN) {
                return true;
            }
        }
        return false;
    }

    /** A recorded picture as 0xRRGGBB, row by row. */
    static int[] pixels(String file) throws IOException {
        try (InputStream in = Golden.open("carracing/" + file)) {
            BufferedImage image = ImageIO.read(in);
            int[] rgb = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
            return Arrays.stream(rgb).map(p -> p & 0xFFFFFF).toArray();
        }
    }
}
