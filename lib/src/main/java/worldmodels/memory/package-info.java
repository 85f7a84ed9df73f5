/**
 * M, the memory: a recurrent mixture density network that predicts the next latent vector (Ha and Schmidhuber 2018, section 2.3 and
 * appendix A.2), its training, and what is drawn from it at a temperature.
 */
package worldmodels.memory;
