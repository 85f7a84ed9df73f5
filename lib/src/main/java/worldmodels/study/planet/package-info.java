/** PlaNet on the control suite: what is learned, kept, scored and drawn. */
package worldmodels.study.planet;
