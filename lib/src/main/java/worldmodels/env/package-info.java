/**
 * Environments behind one small interface, in Gymnasium's terms: {@code reset(seed)}, {@code step(action)}, an observation written
 * where the caller wants it. Wrappers add a time limit, action repeat and the World Models frame; a {@link worldmodels.env.BatchedEnvironment} is many
 * side by side, on threads or dreamt; a {@link worldmodels.env.GoalEnvironment} says what was wanted and what was reached.
 */
package worldmodels.env;
