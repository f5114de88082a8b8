// SPDX-License-Identifier: Apache-2.0
package org.quiesced.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Checks whether the daemon runs, has completed its warm-up, and has the version of the command. */
public final class ServiceCheck {
    private static final String CHECK = "service";
    private static final String RESTART = "systemctl restart quiesced.service";

    private ServiceCheck() {}

    /**
     * The status that a daemon reports.
     *
     * @param state {@code ready} after the warm-up, or {@code shutting_down}
     * @param version its version
     */
    public record Status(String state, String version) {}

    /**
     * Checks a daemon.
     *
     * @param status the status that it reports; empty if none runs
     * @param version the version of the command
     */
    public static List<Finding> of(Optional<Status> status, String version) {
        if (status.isEmpty()) {
            return List.of(Finding.failed(
                    CHECK,
                    "quiesced.service does not run: a shutdown starts the one-shot command, which takes longer and"
                            + " has no early phase",
                    "systemctl enable --now quiesced.service"));
        }
        List<Finding> findings = new ArrayList<>();
        findings.add(
                status.get().state().equals("ready")
                        ? Finding.ok(CHECK, "quiesced.service runs and has completed its warm-up")
                        : Finding.warning(
                                CHECK,
                                "quiesced.service is in the state \""
                                        + status.get().state() + "\"",
                                "wait until the shutdown has ended or is cancelled"));
        findings.add(
                status.get().version().equals(version)
                        ? Finding.ok("version", "the service is of the installed version, " + version)
                        : Finding.warning(
                                "version",
                                "the service is of version " + status.get().version() + ", and " + version
                                        + " is installed",
                                RESTART));
        return findings;
    }
}
