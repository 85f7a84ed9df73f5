/**
 * C, the small acting part of an agent: linear or with one hidden layer, over the latent z or over z and the memory's hidden state h.
 * A controller holds no parameters; it reads them from the vector that evolution proposes, so that one object serves a population.
 */
package worldmodels.controller;
