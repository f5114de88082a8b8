// SPDX-License-Identifier: Apache-2.0
package org.quiesced.config;

/** What happens to supported devices of which the configuration says nothing else. */
public enum Mode {
    /** They go down one after the other; only drivers that are opted in go down in parallel. */
    SAFE,
    /** They go down in parallel, unless they are opted out. */
    ON,
    /** Nothing is touched. */
    OFF
}
