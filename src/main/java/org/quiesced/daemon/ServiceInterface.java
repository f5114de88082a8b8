// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.quiesced.host.KernelLog.Priority;
import org.quiesced.varlink.Parameters;
import org.quiesced.varlink.StandardErrors;
import org.quiesced.varlink.VarlinkConnection;
import org.quiesced.varlink.VarlinkException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * The interface {@code io.systemd.service}, which systemd's own services have (src/shared/varlink-io.systemd.service.c
 * of systemd 257 and newer). {@link ControlInterface} answers its {@code Reload}.
 */
final class ServiceInterface {
    static final String NAME = "io.systemd.service";
    static final String RELOAD = NAME + ".Reload";

    private static final String SET_LOG_LEVEL = NAME + ".SetLogLevel";
    private static final String GET_ENVIRONMENT = NAME + ".GetEnvironment";

    /** The methods for root. The environment may contain secrets by mistake; root can read it in {@code /proc} too. */
    static final Set<String> FOR_ROOT = Set.of(RELOAD, SET_LOG_LEVEL, GET_ENVIRONMENT);

    private static final Logger LOG = LoggerFactory.getLogger("quiesced");

    private final IntConsumer logLevel;
    private final Supplier<Map<String, String>> environment;

    /**
     * Creates the interface.
     *
     * @param logLevel receives the least urgent level to be logged, as in syslog(3)
     * @param environment returns the environment of this process
     */
    ServiceInterface(IntConsumer logLevel, Supplier<Map<String, String>> environment) {
        this.logLevel = logLevel;
        this.environment = environment;
    }

    /**
     * Answers a call of a caller with the required permission.
     *
     * @throws IOException if the connection fails
     * @throws VarlinkException with the error to send instead of an answer
     */
    void answer(String method, JsonNode parameters, VarlinkConnection.Answers answers)
            throws IOException, VarlinkException {
        switch (method) {
            case NAME + ".Ping" -> {
                Parameters.of(parameters);
                answers.answer(Map.of(), false);
            }
            case SET_LOG_LEVEL -> {
                int level = Parameters.of(parameters, "level")
                        .integer("level", 0, Priority.DEBUG.level())
                        .orElse(Priority.INFO.level());
                LOG.info("the log level is set to {}", level);
                logLevel.accept(level);
                answers.answer(Map.of(), false);
            }
            case GET_ENVIRONMENT -> {
                Parameters.of(parameters);
                answers.answer(Map.of("environment", assignments()), false);
            }
            default -> throw StandardErrors.methodNotFound(method);
        }
    }

    private List<String> assignments() throws VarlinkException {
        Map<String, String> variables = environment.get();
        boolean consistent = variables.entrySet().stream()
                .allMatch(variable -> isName(variable.getKey()) && isValue(variable.getValue()));
        if (!consistent) {
            throw new VarlinkException(NAME + ".InconsistentEnvironment", Map.of());
        }
        return variables.entrySet().stream()
                .map(variable -> variable.getKey() + "=" + variable.getValue())
                .sorted()
                .toList();
    }

    /** Returns whether systemd accepts the name of a variable ({@code env_name_is_valid()} in src/basic/env-util.c). */
    private static boolean isName(String name) {
        return !name.isEmpty()
                && !isDigit(name.charAt(0))
                && name.chars()
                        .allMatch(letter -> isDigit(letter)
                                || letter >= 'A' && letter <= 'Z'
                                || letter >= 'a' && letter <= 'z'
                                || letter == '_');
    }

    private static boolean isDigit(int letter) {
        return letter >= '0' && letter <= '9';
    }

    /**
     * Returns whether systemd accepts the value of a variable, which may contain tabs and newlines ({@code
     * env_value_is_valid()} in the same file). The Java runtime replaces bytes that are not text by U+FFFD.
     */
    private static boolean isValue(String value) {
        return value.chars()
                .noneMatch(letter ->
                        letter == '\uFFFD' || Character.isISOControl(letter) && letter != '\t' && letter != '\n');
    }
}
