/**
 * How results are measured: disjoint tracks for training, selection and test; one protocol for every agent; means with bootstrap intervals
 * from the episodes that are written beside them; and how good pictures, probes and predictions are.
 */
package worldmodels.evaluation;
