// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Marks a scenario that takes long and seldom finds anything. It is skipped unless {@code packaging/test} is given {@code -Dquiesced.all}.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@EnabledIfSystemProperty(named = "quiesced.all", matches = ".*", disabledReason = "runs with -Dquiesced.all only")
@interface Thorough {
    /** Whether such scenarios run, and others do all that they can. */
    boolean ASKED_FOR = System.getProperty("quiesced.all") != null;
}
