// SPDX-License-Identifier: Apache-2.0
package org.quiesced.varlink;

import java.util.Map;

/** The errors of the interface {@code org.varlink.service}, which every service may answer with. */
public final class StandardErrors {
    /** The interface that each Varlink service has. */
    public static final String INTERFACE = "org.varlink.service";

    /** There is no such {@code interface}. */
    public static final String INTERFACE_NOT_FOUND = INTERFACE + ".InterfaceNotFound";

    /** The interface has no such {@code method}. */
    public static final String METHOD_NOT_FOUND = INTERFACE + ".MethodNotFound";

    /** The interface has the {@code method}, and the service does not answer it. */
    public static final String METHOD_NOT_IMPLEMENTED = INTERFACE + ".MethodNotImplemented";

    /** The {@code parameter} is unknown, is missing, or has a wrong type or value. */
    public static final String INVALID_PARAMETER = INTERFACE + ".InvalidParameter";

    /** The caller may not call the method. */
    public static final String PERMISSION_DENIED = INTERFACE + ".PermissionDenied";

    /** The method answers only to calls with {@code more}. */
    public static final String EXPECTED_MORE = INTERFACE + ".ExpectedMore";

    private StandardErrors() {}

    /** Makes the error for an interface that the service does not have. */
    public static VarlinkException interfaceNotFound(String name) {
        return new VarlinkException(INTERFACE_NOT_FOUND, Map.of("interface", name));
    }

    /** Makes the error for a method that its interface does not have. */
    public static VarlinkException methodNotFound(String method) {
        return new VarlinkException(METHOD_NOT_FOUND, Map.of("method", method));
    }

    /** Makes the error for a parameter. */
    public static VarlinkException invalidParameter(String parameter) {
        return new VarlinkException(INVALID_PARAMETER, Map.of("parameter", parameter));
    }

    /** Makes the error for a caller that may not do that. */
    public static VarlinkException permissionDenied() {
        return new VarlinkException(PERMISSION_DENIED, Map.of());
    }

    /** Makes the error for a call that takes one answer only. */
    public static VarlinkException expectedMore() {
        return new VarlinkException(EXPECTED_MORE, Map.of());
    }
}
