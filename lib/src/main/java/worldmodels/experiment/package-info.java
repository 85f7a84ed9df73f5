/**
 * An experiment as resumable stages: a preset's settings, the stages keyed by them, and the World Models pipeline (rollouts, V, M, C,
 * evaluation) that notebooks call one stage at a time.
 */
package worldmodels.experiment;
