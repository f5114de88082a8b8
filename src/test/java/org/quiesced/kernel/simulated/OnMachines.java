// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.simulated;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.quiesced.config.Mode;
import org.quiesced.shutdown.Verb;

/**
 * Repeats a test with each combination of the values of its parameters. A parameter of type {@link Machine} has the
 * built-in machines as values, one of type {@link Mode} or {@link Verb} all constants. The elements restrict them.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest
@ArgumentsSource(MachineArguments.class)
public @interface OnMachines {
    /** Returns the names of the built-in machines; empty for all. */
    String[] machines() default {};

    /** Returns the modes; empty for all. */
    Mode[] modes() default {};

    /** Returns the verbs; empty for all. */
    Verb[] verbs() default {};
}
