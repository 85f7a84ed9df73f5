/**
 * The six tasks of the DeepMind Control Suite that PlaNet learns (Tassa et al. 2018; Hafner et al. 2019, section 5), on MuJoCo 2.2.2: cartpole
 * swingup, reacher easy, cheetah run, finger spin, ball in cup catch, walker walk. Models and task logic are written anew and are compared
 * with recordings of dm_control 1.0.7.
 */
package worldmodels.env.control;
