/** C trained in M's dream, once and round by round. */
package worldmodels.study.dream;
