/** The arm that reaches: learned without a model, with and without hindsight, and with a world model from pictures. */
package worldmodels.study.panda;
