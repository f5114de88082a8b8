// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import org.quiesced.report.ControlError;
import org.quiesced.varlink.StandardErrors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Messages for the errors of the control socket. */
final class DaemonErrors {
    /** Advice for a daemon whose version differs from that of the command. */
    static final String RESTART = "if its version differs, run \"systemctl restart quiesced.service\"";

    private DaemonErrors() {}

    /** Returns the message for an error of the interface or of Varlink; an unknown error appears by its name. */
    static String describe(String error, JsonNode parameters) {
        String prefix = ControlError.INTERFACE + ".";
        if (error.startsWith(prefix)) {
            return ofDaemon(error.substring(prefix.length()), parameters);
        }
        return switch (error) {
            case StandardErrors.PERMISSION_DENIED -> "only root may call this method of the daemon";
            case StandardErrors.INTERFACE_NOT_FOUND ->
                "the daemon does not know the interface " + text(parameters, "interface") + "; " + RESTART;
            case StandardErrors.METHOD_NOT_FOUND, StandardErrors.METHOD_NOT_IMPLEMENTED ->
                "the daemon does not know the method " + text(parameters, "method") + "; " + RESTART;
            case StandardErrors.INVALID_PARAMETER ->
                "the daemon rejects the parameter \"" + text(parameters, "parameter") + "\"; " + RESTART;
            case StandardErrors.EXPECTED_MORE -> "the method requires a call that accepts several replies";
            default -> unknown(error);
        };
    }

    private static String ofDaemon(String name, JsonNode parameters) {
        try {
            return switch (name) {
                case ControlError.InvalidConfiguration.NAME ->
                    read(parameters, ControlError.InvalidConfiguration.class);
                case ControlError.ReadFailed.NAME -> read(parameters, ControlError.ReadFailed.class);
                case ControlError.EventsLost.NAME -> read(parameters, ControlError.EventsLost.class);
                case ControlError.InternalError.NAME -> read(parameters, ControlError.InternalError.class);
                default -> unknown(ControlError.INTERFACE + "." + name);
            };
        } catch (JacksonException e) {
            return unknown(ControlError.INTERFACE + "." + name);
        }
    }

    private static String read(JsonNode parameters, Class<? extends ControlError> type) {
        return JsonMapper.shared().treeToValue(parameters, type).describe();
    }

    private static String unknown(String error) {
        return "the daemon returned the error " + error + "; " + RESTART;
    }

    private static String text(JsonNode parameters, String name) {
        return parameters.path(name).asString("");
    }
}
