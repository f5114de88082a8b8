// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quiesced.config.ConfigProblem;
import org.quiesced.report.ControlError;
import tools.jackson.databind.json.JsonMapper;

/** Messages of the command for errors that the daemon returns. */
class DaemonErrorsTest {
    private static String described(ControlError error) {
        String json = JsonMapper.shared().writeValueAsString(error);
        return DaemonErrors.describe(
                "org.quiesced.Control." + error.name(), JsonMapper.shared().readTree(json));
    }

    @Test
    void eachConfigurationProblemHasALine() {
        assertThat(described(new ControlError.InvalidConfiguration(List.of(
                                new ConfigProblem("a.toml", 3, 1, "mode", "unknown value"),
                                new ConfigProblem("b.toml", 0, 0, "", "cannot be read"))))
                        .lines())
                .containsExactly(
                        "a.toml:3:1: mode: unknown value",
                        "b.toml: cannot be read",
                        "the configuration is invalid; the previous one stays in force");
    }

    @Test
    void otherErrorsAreDescribedAsByTheDaemon() {
        for (ControlError error : List.of(
                new ControlError.ReadFailed("/sys: Input/output error"),
                new ControlError.EventsLost(16_384),
                new ControlError.InternalError("org.quiesced.Control.Plan"))) {
            assertThat(described(error)).isEqualTo(error.describe());
        }
        assertThat(described(new ControlError.ReadFailed("/sys: Input/output error")))
                .isEqualTo("/sys: Input/output error; the previous configuration stays in force");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "org.varlink.service.PermissionDenied | {} | only root may call this method of the daemon",
                "org.varlink.service.MethodNotFound | {\"method\": \"org.quiesced.Control.X\"} | method org.quiesced.Control.X",
                "org.varlink.service.MethodNotImplemented | {\"method\": \"a.B\"} | method a.B",
                "org.varlink.service.InterfaceNotFound | {\"interface\": \"a.b\"} | interface a.b",
                "org.varlink.service.InvalidParameter | {\"parameter\": \"verb\"} | parameter \"verb\"",
                "org.varlink.service.ExpectedMore | {} | accepts several replies",
                "org.quiesced.Control.Unheard | {} | the daemon returned the error org.quiesced.Control.Unheard",
                "org.quiesced.Control.EventsLost | {\"waiting\": \"many\"} | the daemon returned the error org.quiesced.Control.EventsLost",
                "com.example.Other | {} | the daemon returned the error com.example.Other"
            })
    void errorNamesItsSubject(String error, String parameters, String words) {
        assertThat(DaemonErrors.describe(error, JsonMapper.shared().readTree(parameters)))
                .contains(words);
    }
}
