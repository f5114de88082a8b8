// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Says what a scenario needs. It is skipped where it cannot have that or was not asked for, and the report says why;
 * the needs of a class hold for all of its scenarios.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsCondition.class)
@interface Needs {
    /** Returns the oldest suite in which it can run. */
    Suite suite() default Suite.BULLSEYE;

    /**
     * Returns whether it takes long and seldom finds anything: it is skipped unless {@code packaging/test} is given
     * {@code -Dquiesced.all}.
     */
    boolean thorough() default false;

    /**
     * Returns the number of NVMe drives without content, {@code data0} and so on, of {@link ScenarioTest#dataDrives}.
     */
    int drives() default 0;

    /**
     * Returns the number of its guest's processors; 0 if any number will do. It is skipped where {@code
     * -Dquiesced.cpus} asks for another one.
     */
    int cpus() default 0;

    /**
     * Returns the modules that the guest's kernel must have, by their names with underscores. Without one the scenario
     * fails before it boots.
     */
    String[] modules() default {};

    /** Returns why it needs a suite or a number of processors, or why it is thorough; required for all three. */
    String reason() default "";
}
