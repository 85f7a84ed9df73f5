package worldmodels.vision.plane;

import worldmodels.random.Pcg64;

/** What is to be learned: points on a plane, about as far as 2 from its middle (after Gulrajani et al. 2017, figure 1). */
public enum PlaneData {

    /** Eight normal distributions on a ring. A generator that knows one of them already fools a careless adversary: mode collapse. */
    EIGHT_GAUSSIANS("eight Gaussians") {

        @Override
        void draw(Pcg64 random, float[] points, int at) {
            double angle = 2 * Math.PI * random.integers(8) / 8;
            points[at] = (float) (2 * Math.cos(angle) + DEVIATION * random.standardNormal());
            points[at + 1] = (float) (2 * Math.sin(angle) + DEVIATION * random.standardNormal());
        }
    },

    /** Twenty-five on a grid. */
    TWENTY_FIVE_GAUSSIANS("25 Gaussians") {

        @Override
        void draw(Pcg64 random, float[] points, int at) {
            points[at] = (float) (random.integers(5) - 2 + DEVIATION * random.standardNormal());
            points[at + 1] = (float) (random.integers(5) - 2 + DEVIATION * random.standardNormal());
        }
    },

    /** A rolled line. */
    SWISS_ROLL("swiss roll") {

        @Override
        void draw(Pcg64 random, float[] points, int at) {
            double t = 1.5 * Math.PI * (1 + 2 * random.nextDouble());
            points[at] = (float) (t * Math.cos(t) / ROLL + DEVIATION * random.standardNormal());
            points[at + 1] = (float) (t * Math.sin(t) / ROLL + DEVIATION * random.standardNormal());
        }
    };

    private static final double DEVIATION = 0.05;
    private static final double ROLL = 7;

    private final String label;

    PlaneData(String label) {
        this.label = label;
    }

    /** As tables have it. */
    public String label() {
        return label;
    }

    abstract void draw(Pcg64 random, float[] points, int at);

    /** @return (count, 2), row by row; the seed says which */
    public float[] points(int count, long seed) {
        Pcg64 random = Pcg64.stream(seed, "points");
        float[] points = new float[2 * count];
        for (int i = 0; i < count; i++) {
            draw(random, points, 2 * i);
        }
        return points;
    }
}
