package worldmodels.env.carracing;

/**
 * Which CarRacing. The track algorithm, the reward and the car are the same in all of them, so returns can be compared; pictures of V0
 * cannot, so weights trained on V0 frames do not transfer.
 */
public enum CarRacingVersion {

    /**
     * OpenAI gym up to 0.21, the version of World Models (2018). Here: a finished lap terminates the episode, and the camera follows the
     * direction of travel above 0.5 m/s. Not here: its Mersenne Twister (a seed gives the tracks of V2), its OpenGL anti-aliasing, and the
     * wider field of view that it had until March 2019.
     */
    V0,

    /** gym 0.25 to Gymnasium 0.29, the thesis' version and the default. A finished lap truncates; the camera follows the hull. */
    V2,

    /** Gymnasium 1.0 and later: V2, except that a finished lap terminates and the score in the picture is rounded, not cut off. */
    V3;

    /** Whether a finished lap terminates the episode (else it truncates it). */
    public boolean lapTerminates() {
        return this != V2;
    }

    /** Whether the camera turns with the direction of travel when the car is moving. */
    boolean cameraFollowsVelocity() {
        return this == V0;
    }

    /** Whether the score in the picture is rounded to the nearest integer (else cut off towards zero). */
    boolean scoreIsRounded() {
        return this == V3;
    }
}
