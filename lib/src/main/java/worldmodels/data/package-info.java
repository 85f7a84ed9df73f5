/**
 * From acting to training data: policies act in batches of environments, episodes are recorded one file each, and batches of frames
 * stream back from disk in shuffled order; encoded episodes are kept for the memory model.
 */
package worldmodels.data;
