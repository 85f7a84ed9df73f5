/**
 * How results are measured: disjoint tracks for training, selection and test; one protocol for every agent; means with bootstrap intervals
 * from the episodes that are written beside them.
 */
package worldmodels.evaluation;
