/** What a cluster is worth: the same search here and there, what a generation costs beside its episodes, and how far more machines would help. */
package worldmodels.study.cluster;
