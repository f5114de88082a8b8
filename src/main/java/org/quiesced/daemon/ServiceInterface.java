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

    /**
     * An environment may have secrets by mistake. Root can read it in {@code /proc} as well, so it learns nothing by
     * being answered.
     */
    static final Set<String> FOR_ROOT = Set.of(RELOAD, SET_LOG_LEVEL, GET_ENVIRONMENT);

    private static final Logger LOG = LoggerFactory.getLogger("quiesced");

    private final IntConsumer logLevel;
    private final Supplier<Map<String, String>> environment;

    /**
     * Makes the interface.
     *
     * @param logLevel sets the least urgent level that is logged, as syslog(3) has them
     * @param environment the environment of this process
     */
    ServiceInterface(IntConsumer logLevel, Supplier<Map<String, String>> environment) {
        this.logLevel = logLevel;
        this.environment = environment;
    }

    /** Answers a call of a caller that may make it. */
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

    /** As {@code env_name_is_valid()} in src/basic/env-util.c of systemd. */
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
     * As {@code env_value_is_valid()} there, which allows tabs and newlines. The Java runtime has put U+FFFD in the
     * place of bytes that are no text.
     */
    private static boolean isValue(String value) {
        return value.chars()
                .noneMatch(letter ->
                        letter == '\uFFFD' || Character.isISOControl(letter) && letter != '\t' && letter != '\n');
    }
}
