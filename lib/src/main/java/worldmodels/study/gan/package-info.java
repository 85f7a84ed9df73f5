/** VAE-GAN in the place of the VAE on CarRacing, between two controls; and adversaries on a plane, where they can be watched. */
package worldmodels.study.gan;
