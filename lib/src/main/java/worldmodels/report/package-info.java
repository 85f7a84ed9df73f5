/**
 * What a run leaves for its readers: tables beside the published numbers, figures, animations, and for each of them the provenance that
 * names the run it came from. Pictures here are for people; what a model sees never passes through this package.
 */
package worldmodels.report;
