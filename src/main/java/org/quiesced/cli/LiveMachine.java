// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.io.IOException;
import org.quiesced.config.Config;
import org.quiesced.host.linux.LinuxHost;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.WalkMode;
import org.quiesced.kernel.linux.LinuxKernel;
import org.quiesced.method.DriveTypes;
import org.quiesced.plan.KnownLatencies;
import org.quiesced.plan.Plan;
import org.quiesced.plan.Planner;
import org.quiesced.snapshot.ExpectedTimesFile;

/** The machine that runs the command. */
record LiveMachine(Kernel kernel) {
    /**
     * Returns the machine.
     *
     * @param verb the verb of quiescectl, for the message
     * @param why why the verb needs root, for the message
     * @throws Failure if the user is not root
     */
    static LiveMachine asRoot(String verb, String why) {
        if (!LinuxHost.isRoot()) {
            throw new Failure("\"" + verb + "\" needs root: " + why);
        }
        return new LiveMachine(LinuxKernel.running(DriveTypes.SUPPORTED.attributes()));
    }

    /**
     * Returns the shutdown times that the drives of a plan report; for the others, their times in earlier shutdowns.
     */
    KnownLatencies latencies(Plan plan) {
        return KnownLatencies.ask(plan, kernel)
                .with(new ExpectedTimesFile(DaemonOption.DIRECTORY)
                        .get()
                        .of(plan.tree(), plan.types(), kernel.attributes()));
    }

    /** Plans the shutdown with the present users of the disks. */
    Plan planNow(Config config) {
        return plan(new Planner(config, kernel.claims()));
    }

    /** Plans the shutdown with the users that are expected to remain at shutdown. */
    Plan planForeseeing(Config config) {
        return plan(Planner.foreseeing(config, kernel.claims()));
    }

    private Plan plan(Planner planner) {
        try {
            return planner.withWalk(WalkMode.of(kernel.drivers())).plan(kernel.readTree());
        } catch (IOException e) {
            throw new Failure(e);
        }
    }
}
