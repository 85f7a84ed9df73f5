/**
 * Gymnasium's CarRacing on the JVM, seed for seed: the track, the car with its tyre model, the float32 rigid-body steps of Box2D that
 * this scene needs, and the picture drawn in software.
 */
package worldmodels.env.carracing;
