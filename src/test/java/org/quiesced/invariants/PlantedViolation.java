// SPDX-License-Identifier: Apache-2.0
package org.quiesced.invariants;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says that a run of the test, or of each test of the class, breaks rules on purpose. The test fails if none is found
 * to be broken, or another one than those that are named.
 */
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface PlantedViolation {
    /** Returns why the rules are broken, as a sentence. */
    String reason();

    /** Returns how the complaints begin; any, if there is none. */
    String[] rules() default {};
}
