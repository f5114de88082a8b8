// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import java.io.IOException;

/** A present disk or partition of the device may not be shut down in this phase; the driver is still bound. */
public final class NotReleasedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String what;

    /**
     * Creates an exception.
     *
     * @param what the disk or partition that was not observed to be released
     */
    public NotReleasedException(String what) {
        super("" + what + " was not observed to be released in this shutdown");
        this.what = what;
    }

    /** Returns the disk or partition that was not observed to be released. */
    public String what() {
        return what;
    }
}
