/**
 * Franka Panda reach (Gallouedec et al. 2021, panda-gym; arXiv 2106.13687) on MuJoCo: the same arm, motors, inverse kinematics and observation as the
 * original on PyBullet, from measured facts. MuJoCo gives what follows from the arm's position (mass matrix, gravity, contacts, pictures); the
 * motors, which are solved together with limits and contacts, are {@link worldmodels.env.panda.JointSolver}'s.
 */
package worldmodels.env.panda;
