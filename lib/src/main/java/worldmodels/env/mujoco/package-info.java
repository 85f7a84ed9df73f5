/**
 * MuJoCo 2.2.2, the library of Debian's package {@code libmujoco2.2.2}, called through {@code java.lang.foreign}: models from XML text,
 * simulation, and pictures drawn off screen with Mesa. Without the libraries everything else in the kit runs; what is missing is said
 * when it is first needed.
 */
package worldmodels.env.mujoco;
