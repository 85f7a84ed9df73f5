/**
 * A Jupyter kernel for Java: JShell behind the protocol of IJava's own base library, answering to IJava's cell API. Cells run in
 * this process, on one thread, with the application's class loader as parent, so that native libraries load once and the kit's jars
 * need no magic in a notebook.
 */
package worldmodels.kernel;
