// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import java.io.IOException;

/** The device was given up while it was being prepared: nothing more may be done to it. */
public final class GivenUpException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Makes an exception. */
    public GivenUpException() {
        super("given up before its turn");
    }
}
