/**
 * One room per question, and what a whole preset costs. A room holds its settings, stages, cost, tables and figures; generic tools for them are in
 * {@code report}.
 */
package worldmodels.study;
