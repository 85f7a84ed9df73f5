package worldmodels.env.carracing;

/** What the picture needs to know of a road, worked out once per episode. */
final class RoadView {

    /** Corners {x0, y0, .. x3, y3} in metres, in the order of drawing. */
    final double[][] quads;
    /** 0xRRGGBB of each quad; the environment recolours tiles in it. */
    final int[] rgb;
    /** A circle round each quad, in metres. */
    final double[] centreX;
    final double[] centreY;
    final double[] radius;
    /** Whether a later quad shares this one's front edge, and so covers all of its outline there. */
    final boolean[] isFollowed;

    RoadView(double[][] quads, int[] rgb) {
        this.quads = quads;
        this.rgb = rgb;
        centreX = new double[quads.length];
        centreY = new double[quads.length];
        radius = new double[quads.length];
        isFollowed = new boolean[quads.length];
        for (int i = 0; i < quads.length; i++) {
            for (int c = 0; c < 8; c += 2) {
                centreX[i] += quads[i][c] / 4;
                centreY[i] += quads[i][c + 1] / 4;
            }
            for (int c = 0; c < 8; c += 2) {
                radius[i] = Math.max(radius[i], Math.hypot(quads[i][c] - centreX[i], quads[i][c + 1] - centreY[i]));
            }
            for (int j = i + 1; j <= Math.min(i + 2, quads.length - 1); j++) {
                isFollowed[i] |= quads[i][0] == quads[j][6] && quads[i][1] == quads[j][7]
                        && quads[i][2] == quads[j][4] && quads[i][3] == quads[j][5];
            }
        }
    }

    int size() {
        return quads.length;
    }
}
