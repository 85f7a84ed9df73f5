/**
 * The parts of NVAE (Vahdat and Kautz, "NVAE: A Deep Hierarchical Variational Autoencoder", NeurIPS 2020), each a file with its equation. Written
 * from the paper.
 */
package worldmodels.vision.nvae;
