// SPDX-License-Identifier: Apache-2.0
package org.quiesced.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Checks whether the file of the key {@code metrics} is written. {@code quiesced-history.service} writes it at boot and
 * then once a day, after the expected times of the drives. These are in the runtime directory, which is empty after a
 * start of the machine.
 *
 * @param written the file of the expected times
 */
public record MetricsCheck(Path written) {
    private static final String CHECK = "metrics";
    private static final String START = "systemctl start quiesced-history.service";
    private static final String LOG =
            "see \"journalctl -b -u quiesced-history.service\", which has the reason, then " + START;

    /**
     * Runs the check.
     *
     * @param metrics the value of the key; empty if it is not set
     * @return empty if the key is not set
     */
    public Optional<Finding> check(Optional<Path> metrics) {
        return metrics.map(this::of);
    }

    private Finding of(Path metrics) {
        if (Files.notExists(written)) {
            return Finding.warning(
                    CHECK, metrics + " is not of this boot: quiesced-history.service has not run in it", START);
        }
        if (Files.notExists(metrics)) {
            return Finding.warning(CHECK, metrics + " does not exist", LOG);
        }
        try {
            return Files.getLastModifiedTime(metrics).compareTo(Files.getLastModifiedTime(written)) >= 0
                    ? Finding.ok(CHECK, metrics + " was written by the last run of quiesced-history.service")
                    : Finding.warning(CHECK, metrics + " is older than the last run of quiesced-history.service", LOG);
        } catch (IOException e) {
            return Finding.skipped(CHECK, "the age of " + metrics + " cannot be determined: " + e.getMessage());
        }
    }
}
