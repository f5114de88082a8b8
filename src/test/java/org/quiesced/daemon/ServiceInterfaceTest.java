// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quiesced.varlink.Idl;
import org.quiesced.varlink.VarlinkException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The interface that all services of systemd have: log level and environment. */
class ServiceInterfaceTest {
    private final List<Integer> levels = new ArrayList<>();

    private JsonNode ask(Map<String, String> environment, String method, String parameters)
            throws IOException, VarlinkException {
        List<Object> answers = new ArrayList<>();
        new ServiceInterface(levels::add, () -> environment)
                .answer(
                        "io.systemd.service." + method,
                        JsonMapper.shared().readTree(parameters),
                        (answer, continues) -> answers.add(answer));
        return JsonMapper.shared().valueToTree(Map.of("parameters", answers.get(0)));
    }

    /** Without a level, that of information is set, as at the start and in systemd's services. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{\"level\": 3} | 3", "{\"level\": 0} | 0", "{\"level\": 7} | 7", "{\"level\": null} | 6", "{} | 6"
            })
    void theLogLevelIsSet(String parameters, int level) throws Exception {
        ask(Map.of(), "SetLogLevel", parameters);

        assertThat(levels).containsExactly(level);
    }

    @Test
    void theEnvironmentIsAListOfAssignments() throws Exception {
        JsonNode reply = ask(Map.of("PATH", "/usr/bin", "LINES_OF", "one\n\ttwo", "EMPTY", ""), "GetEnvironment", "{}");

        assertThat(reply.at("/parameters/environment").valueStream().map(JsonNode::asString))
                .containsExactly("EMPTY=", "LINES_OF=one\n\ttwo", "PATH=/usr/bin");
        assertThat(Idl.of("io.systemd.service").wrongWithReply("GetEnvironment", reply))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"1ST | one", "A-B | dash", "'' | none", "PATH | \uFFFDbin", "PATH | x\u001b[2J"})
    void anEnvironmentThatMakesNoSenseIsAnError(String name, String value) {
        assertThatThrownBy(() -> ask(Map.of("HOME", "/", name, value), "GetEnvironment", "{}"))
                .hasMessage("io.systemd.service.InconsistentEnvironment");
    }
}
