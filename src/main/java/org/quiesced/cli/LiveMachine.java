// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.io.IOException;
import org.quiesced.config.Config;
import org.quiesced.host.linux.LinuxHost;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.WalkMode;
import org.quiesced.kernel.linux.LinuxKernel;
import org.quiesced.method.DriveTypes;
import org.quiesced.plan.Plan;
import org.quiesced.plan.Planner;
import org.quiesced.plan.ReportedLatencies;
import org.quiesced.snapshot.ExpectedTimesFile;

/** The machine that the command runs on. */
record LiveMachine(Kernel kernel) {
    /**
     * Returns the machine.
     *
     * @param why what root is needed for
     */
    static LiveMachine asRoot(String verb, String why) {
        if (!LinuxHost.isRoot()) {
            throw new Failure("\"" + verb + "\" needs root: " + why);
        }
        return new LiveMachine(LinuxKernel.running(DriveTypes.SUPPORTED.attributes()));
    }

    /** Returns how long the drives of a plan say that they take, or else took in earlier shutdowns. */
    ReportedLatencies latencies(Plan plan) {
        return ReportedLatencies.ask(plan, kernel)
                .with(new ExpectedTimesFile(DaemonOption.DIRECTORY)
                        .get()
                        .of(plan.tree(), plan.types(), kernel.attributes()));
    }

    /** Plans what can be done at this moment. */
    Plan planNow(Config config) {
        return plan(new Planner(config, kernel.claims()));
    }

    /** Plans what will be done at a shutdown. */
    Plan planAhead(Config config) {
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
