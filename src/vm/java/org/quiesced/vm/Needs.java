// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * States what a scenario needs. A scenario whose needs cannot be met, or that was not requested, is skipped, and the
 * report has the reason. The needs of a class hold for all of its scenarios.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsCondition.class)
@interface Needs {
    /** Returns the oldest suite in which it can run. */
    Suite suite() default Suite.BULLSEYE;

    /**
     * Returns whether it takes long and seldom finds anything. It is then skipped unless {@code packaging/test} is
     * given {@code -Dquiesced.all}.
     */
    boolean thorough() default false;

    /**
     * Returns the number of NVMe drives without content, {@code data0} and so on, of {@link ScenarioTest#dataDrives}.
     */
    int drives() default 0;

    /**
     * Returns the number of its guest's processors, 0 for any number. It is skipped if {@code -Dquiesced.cpus} requests
     * another number.
     */
    int cpus() default 0;

    /**
     * Returns the modules that the guest's kernel must have, by their names with underscores. If a module is missing,
     * the scenario fails before it boots.
     */
    String[] modules() default {};

    /**
     * Returns the reason for its suite, for its number of processors, or for being thorough; required for all three.
     */
    String reason() default "";
}
