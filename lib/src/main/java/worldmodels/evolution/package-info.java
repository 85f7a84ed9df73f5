/**
 * The search for controller parameters: CMA-ES by ask and tell, and the loop over generations that measures each candidate on common
 * random tracks, keeps the best distribution mean by selection tracks and writes a checkpoint per generation.
 */
package worldmodels.evolution;
