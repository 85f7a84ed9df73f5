/**
 * Random numbers that equal numpy's, draw for draw: {@code SeedSequence} and {@code Generator(PCG64)}. Every random choice of the kit
 * comes from a named substream of one root seed ({@link worldmodels.random.Pcg64#stream}), and the state of every stream can be saved.
 */
package worldmodels.random;
