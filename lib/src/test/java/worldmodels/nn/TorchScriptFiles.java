package worldmodels.nn;

import java.nio.file.Path;
import worldmodels.run.WholeFile;

/** TorchScript files for tests, as {@code torch.jit.save} would write them. */
public final class TorchScriptFiles {

    private TorchScriptFiles() {}

    /** @param source as {@link TorchScript#function} takes it */
    public static Path write(Path file, String source) {
        WholeFile.write(file, out -> out.write(TorchScript.archive(source)));
        return file;
    }
}
