package worldmodels.run;

/**
 * An error a user can mend. Its message is one clear sentence that names the thing (setting, file, shape, library) and the remedy;
 * scripts print it without a stack trace.
 */
public class KitException extends RuntimeException {

    public KitException(String message) {
        super(message);
    }

    public KitException(String message, Throwable cause) {
        super(message, cause);
    }
}
