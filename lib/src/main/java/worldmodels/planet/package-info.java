/**
 * PlaNet (Hafner et al. 2019, "Learning latent dynamics for planning from pixels"): three kinds of latent dynamics, latent overshooting, planning
 * with the cross-entropy method, and the loop that collects episodes and learns from them.
 */
package worldmodels.planet;
