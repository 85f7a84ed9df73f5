/**
 * What every long piece of work needs, and nothing about world models: presets and the records that read them, resumable stages, provenance,
 * progress that can be watched, a stop that is clean, files that are whole or absent, and errors that teach. Every other package may use this one; it uses none.
 */
package worldmodels.run;
