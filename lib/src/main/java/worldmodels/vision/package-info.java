/** V of the world model: pictures to a few latent numbers and back. */
package worldmodels.vision;
