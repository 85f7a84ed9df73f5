/**
 * What a cell calls to show something: pictures, tables, progress, checks. Inside a Jupyter kernel (IJava, JJava or the kit's own, found by
 * reflection) they appear in the notebook; anywhere else they are plain text.
 */
package worldmodels.notebook;
