/**
 * What DJL lacks and every model needs: the engine's start, named parameters, gradients, optimisers whose state can be saved, initialisers,
 * checkpoints, and the few small TorchScript operations that DJL has no call for.
 */
package worldmodels.nn;
