/**
 * V, M and C as one acting agent that plays a whole population at once, in real environments or dreams, and the authors' random networks that
 * explore before there is one.
 */
package worldmodels.agent;
