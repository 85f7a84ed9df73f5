/** The control suite's tasks, looked at without a model. */
package worldmodels.study.control;
