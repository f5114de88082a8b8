// SPDX-License-Identifier: Apache-2.0
package org.quiesced.varlink;

import java.util.Map;

/** A call is answered by an error. */
public final class VarlinkException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String error;
    private final transient Map<String, ?> parameters;

    /**
     * Makes an error.
     *
     * @param error its name, with its interface
     * @param parameters what it tells
     */
    public VarlinkException(String error, Map<String, ?> parameters) {
        super(error);
        this.error = error;
        this.parameters = Map.copyOf(parameters);
    }

    String error() {
        return error;
    }

    Map<String, ?> parameters() {
        return parameters;
    }
}
