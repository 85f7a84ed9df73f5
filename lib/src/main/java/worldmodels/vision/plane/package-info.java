/**
 * Generative models of points on a plane, small enough to be seen through: an adversary that tells, or a critic that measures, and the networks that learn
 * from it. What is learned on pictures by {@link worldmodels.vision.VaeGan} can be watched here.
 */
package worldmodels.vision.plane;
