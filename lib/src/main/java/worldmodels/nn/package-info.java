/**
 * What DJL lacks and every model needs: the engine's start, one resumable {@link worldmodels.nn.Training} around any
 * {@link worldmodels.nn.Learner}, layers and their first values, normal distributions, noise, optimisers whose state can be saved, gradients,
 * checkpoints, and the few small TorchScript operations that DJL has no call for.
 */
package worldmodels.nn;
