// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import java.io.IOException;

/**
 * A disk that the device has now, or a partition of it, is not one that may go down in this phase; the driver is still
 * there.
 */
public final class NotReleasedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String what;

    /**
     * Makes an exception.
     *
     * @param what what nobody was seen to release: a disk, or a partition
     */
    public NotReleasedException(String what) {
        super("nobody was seen to release " + what + " in this shutdown");
        this.what = what;
    }

    /** Returns what nobody was seen to release. */
    public String what() {
        return what;
    }
}
