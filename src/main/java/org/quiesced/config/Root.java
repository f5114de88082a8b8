// SPDX-License-Identifier: Apache-2.0
package org.quiesced.config;

/**
 * Values of {@code root}: whether the drives of the root file system go down in an exitrd, in which it is unmounted.
 */
public enum Root {
    /** Where other drives go down too, so that it gains time. */
    AUTO,
    /** Never: the kernel shuts them down. */
    NEVER
}
