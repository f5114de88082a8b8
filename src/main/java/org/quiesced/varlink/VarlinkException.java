// SPDX-License-Identifier: Apache-2.0
package org.quiesced.varlink;

/** Thrown to answer a call with an error. */
public final class VarlinkException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String error;
    private final transient Object parameters;

    /**
     * Creates an error.
     *
     * @param error qualified name of the error
     * @param parameters its parameters, which Jackson writes as a JSON object
     */
    public VarlinkException(String error, Object parameters) {
        super(error);
        this.error = error;
        this.parameters = parameters;
    }

    String error() {
        return error;
    }

    Object parameters() {
        return parameters;
    }
}
