// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import java.io.IOException;

/** A disk that the device has now is not one that may go down in this phase; the driver is still there. */
public final class NotReleasedException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Makes an exception. */
    public NotReleasedException() {
        super("nobody was seen to release one of its disks in this shutdown");
    }
}
