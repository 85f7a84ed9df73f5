/**
 * V of the world model: pictures to a few latent numbers and back. {@link worldmodels.vision.VisionModels} keeps the kinds that there are; a kind of
 * one's own is a {@link worldmodels.vision.VisionModel} and a line that registers it.
 */
package worldmodels.vision;
