/** Environments whose dynamics are a trained memory model: M's dream. */
package worldmodels.dream;
