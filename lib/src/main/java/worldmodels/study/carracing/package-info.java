/** Ha and Schmidhuber's experiment: rollouts, V, M, C, test tracks; its tables and figures. */
package worldmodels.study.carracing;
