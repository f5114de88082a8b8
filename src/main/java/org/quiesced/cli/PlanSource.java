// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.util.Optional;
import org.quiesced.config.Config;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.plan.Plan;
import org.quiesced.report.PlanJson;
import org.quiesced.report.PlanReport;
import org.quiesced.shutdown.Verb;

/**
 * A plan and its source.
 *
 * @param plan the plan
 * @param source a sentence about its source; empty for a machine description
 */
record PlanSource(PlanJson plan, Optional<String> source) {
    /**
     * Returns the plan of a machine description, if one is given, or of this machine.
     *
     * @param verbOfCommand the verb of quiescectl, for the message if root is needed
     */
    static PlanSource of(
            Optional<Machine> machine, String verbOfCommand, DaemonOption daemon, ConfigOption config, Verb verb) {
        return machine.map(data -> ofMachine(data, config, verb))
                .orElseGet(() -> ofThisMachine(verbOfCommand, daemon, config, verb));
    }

    private static PlanSource ofMachine(Machine machine, ConfigOption config, Verb verb) {
        Config loaded = config.loadForAnyMachine();
        Plan plan = Simulation.plan(machine, loaded);
        return new PlanSource(new PlanReport(plan, machine, verb, loaded).json(), Optional.empty());
    }

    /**
     * Returns the daemon's plan; if no daemon runs, or a configuration is given, a plan made from this machine's
     * devices.
     */
    private static PlanSource ofThisMachine(String verbOfCommand, DaemonOption daemon, ConfigOption config, Verb verb) {
        Optional<DaemonClient> client = config.isGiven() ? Optional.empty() : daemon.connect();
        if (client.isPresent()) {
            try (DaemonClient connected = client.get()) {
                return new PlanSource(
                        connected.plan(verb),
                        Optional.of("Plan of quiesced.service, which opens no disk before the shutdown."));
            }
        }
        LiveMachine live = LiveMachine.asRoot(verbOfCommand, "only root may ask the kernel who uses a disk");
        Config loaded = config.load();
        Plan plan = live.planForeseeing(loaded);
        return new PlanSource(
                new PlanReport(plan, live.latencies(plan), verb, loaded).json(),
                Optional.of("Plan made from the devices of this machine, without quiesced.service."));
    }
}
