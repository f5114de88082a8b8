// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import java.io.IOException;

/** No command was sent to the device, and its driver is still bound. */
public final class UnreadyException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient Unready why;

    /** Creates an exception. */
    public UnreadyException(Unready why) {
        super(why.describe());
        this.why = why;
    }

    /** Returns the reason. */
    public Unready why() {
        return why;
    }
}
