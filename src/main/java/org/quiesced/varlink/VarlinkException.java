// SPDX-License-Identifier: Apache-2.0
package org.quiesced.varlink;

/** A call is answered by an error. */
public final class VarlinkException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String error;
    private final transient Object parameters;

    /**
     * Makes an error.
     *
     * @param error its name, with its interface
     * @param parameters what it tells: an object that Jackson writes as one of JSON
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
