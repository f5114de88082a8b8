// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quiesced.shutdown.Verb;

/** A disk is stopped when the kernel would stop it. */
class StopPolicyTest {
    @ParameterizedTest
    @CsvSource({
        "POWEROFF, manage_start_stop, true",
        "HALT, manage_start_stop, true",
        "REBOOT, manage_start_stop, false",
        "KEXEC, manage_start_stop, false",
        "POWEROFF, manage_system_start_stop, true",
        "HALT, manage_system_start_stop, true",
        "POWEROFF, manage_shutdown, true",
        "HALT, manage_shutdown, false",
        "REBOOT, manage_shutdown, false",
        "POWEROFF, manage_runtime_start_stop, false"
    })
    void singleSetAttributeDecidesForItsVerbs(Verb verb, String attribute, boolean stopped) {
        Map<String, String> attributes = Map.of(attribute, "1");

        assertThat(StopPolicy.isWanted(verb, name -> Optional.ofNullable(attributes.get(name))))
                .isEqualTo(stopped);
    }
}
