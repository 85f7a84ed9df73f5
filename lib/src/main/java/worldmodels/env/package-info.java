/**
 * Environments behind one small interface, in Gymnasium's terms: {@code reset(seed)}, {@code step(action)}, an observation written
 * where the caller wants it. Wrappers add a time limit, action repeat and the World Models frame.
 */
package worldmodels.env;
