// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import java.io.IOException;

/** The device was given up during its preparation, and no further step is permitted. */
public final class GivenUpException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Creates an exception. */
    public GivenUpException() {
        super("given up before its turn");
    }
}
