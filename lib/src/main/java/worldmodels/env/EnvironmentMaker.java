package worldmodels.env;

import java.io.Serializable;
import java.util.function.Supplier;

/** Makes one environment, here or on a machine that it is sent to; so what it is made of has to be {@link Serializable}. */
@FunctionalInterface
public interface EnvironmentMaker extends Supplier<Environment>, Serializable {}
