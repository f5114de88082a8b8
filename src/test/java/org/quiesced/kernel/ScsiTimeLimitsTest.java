// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** SYNCHRONIZE CACHE may take twice the timeout of a disk's requests, up to two hours. */
class ScsiTimeLimitsTest {
    @ParameterizedTest(name = "timeout {0}")
    @CsvSource({
        "5, 10",
        "30, 60",
        "180, 360",
        "3600, 7200",
        "3601, 7200",
        "99999, 7200",
        "100000, 7200",
        "999999999, 7200",
        "4294967295, 7200",
        "99999999999999999999999, 7200",
        "0, 60",
        "-1, 60",
        "none, 60"
    })
    void limitFollowsTheAttribute(String timeout, long seconds) {
        assertThat(ScsiTimeLimits.synchronizeCache(Optional.of(timeout))).isEqualTo(Duration.ofSeconds(seconds));
    }
}
