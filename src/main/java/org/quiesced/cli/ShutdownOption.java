// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.util.Optional;
import org.quiesced.history.RecordFiles;
import picocli.CommandLine.Option;

/** The option {@code --shutdown} of the verbs that show a plan by default. */
final class ShutdownOption {
    @Option(
            names = "--shutdown",
            paramLabel = "NUMBER|FILE",
            description = "Show a recorded shutdown in place of a plan: its number in \"history\", 0 for the last one,"
                    + " -1 for the one before; or a file with a record.")
    private Optional<String> shutdown;

    /**
     * Returns the selected record; empty if the option is not given.
     *
     * @throws Failure if the record cannot be read, or if an option of a plan is given too
     */
    Optional<RecordFiles.Kept> record(PlanOption plan, Output output) {
        if (shutdown.isPresent() && plan.isGiven()) {
            throw new Failure(
                    "either --shutdown, or --machine, --verb, --kernel-walk and --config of a plan, not both");
        }
        return shutdown.map(which -> RecordSource.ofThisMachine(output, "name a file with --shutdown")
                .kept(which));
    }
}
