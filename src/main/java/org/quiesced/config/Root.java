// SPDX-License-Identifier: Apache-2.0
package org.quiesced.config;

/** Values of {@code root}: whether the drives of the root file system are shut down in an exitrd, which unmounts it. */
public enum Root {
    /** If that saves time, because other drives are shut down too. */
    AUTO,
    /** Never: the kernel shuts them down. */
    NEVER
}
