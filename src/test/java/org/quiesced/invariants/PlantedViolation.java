// SPDX-License-Identifier: Apache-2.0
package org.quiesced.invariants;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares that a run of the test, or of each test of the class, breaks rules on purpose. The test fails if no broken
 * rule is found, or if other rules are broken than those named.
 */
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface PlantedViolation {
    /** Returns why the rules are broken, as a sentence. */
    String reason();

    /** Returns the beginnings of the expected complaints; if empty, any complaint is expected. */
    String[] rules() default {};
}
