// SPDX-License-Identifier: Apache-2.0
package org.quiesced.varlink;

import java.util.Map;

/** The errors of the interface {@code org.varlink.service}, which any service may return. */
public final class StandardErrors {
    /** The interface of every Varlink service. */
    public static final String INTERFACE = "org.varlink.service";

    /** The service does not have the {@code interface}. */
    public static final String INTERFACE_NOT_FOUND = INTERFACE + ".InterfaceNotFound";

    /** The interface does not have the {@code method}. */
    public static final String METHOD_NOT_FOUND = INTERFACE + ".MethodNotFound";

    /** The interface has the {@code method}, but the service does not implement it. */
    public static final String METHOD_NOT_IMPLEMENTED = INTERFACE + ".MethodNotImplemented";

    /** The {@code parameter} is unknown or missing, or its type or value is invalid. */
    public static final String INVALID_PARAMETER = INTERFACE + ".InvalidParameter";

    /** The caller may not call the method. */
    public static final String PERMISSION_DENIED = INTERFACE + ".PermissionDenied";

    /** The method may only be called with {@code more}. */
    public static final String EXPECTED_MORE = INTERFACE + ".ExpectedMore";

    private StandardErrors() {}

    /** Returns the error for an interface that the service does not have. */
    public static VarlinkException interfaceNotFound(String name) {
        return new VarlinkException(INTERFACE_NOT_FOUND, Map.of("interface", name));
    }

    /** Returns the error for a method that the interface does not have. */
    public static VarlinkException methodNotFound(String method) {
        return new VarlinkException(METHOD_NOT_FOUND, Map.of("method", method));
    }

    /** Returns the error for an invalid parameter. */
    public static VarlinkException invalidParameter(String parameter) {
        return new VarlinkException(INVALID_PARAMETER, Map.of("parameter", parameter));
    }

    /** Returns the error for a caller without permission. */
    public static VarlinkException permissionDenied() {
        return new VarlinkException(PERMISSION_DENIED, Map.of());
    }

    /** Returns the error for a call without {@code more}. */
    public static VarlinkException expectedMore() {
        return new VarlinkException(EXPECTED_MORE, Map.of());
    }
}
