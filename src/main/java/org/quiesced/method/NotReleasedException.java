// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import java.io.IOException;

/**
 * A disk that the device has at present, or a partition of it, may not go down in this phase; the driver is still
 * bound.
 */
public final class NotReleasedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String what;

    /**
     * Makes an exception.
     *
     * @param what the disk or partition that was not seen to be released
     */
    public NotReleasedException(String what) {
        super("nobody was seen to release " + what + " in this shutdown");
        this.what = what;
    }

    /** Returns what was not seen to be released. */
    public String what() {
        return what;
    }
}
