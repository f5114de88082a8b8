// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.util.Optional;
import org.quiesced.config.Config;
import org.quiesced.daemon.Machines;
import org.quiesced.kernel.Verb;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.plan.Plan;
import org.quiesced.plan.Planner;
import org.quiesced.plan.ReportedLatencies;
import org.quiesced.report.PlanReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "plan",
        description = {
            "Show what would become of each device at shutdown, and why. Changes nothing.",
            "To learn whether a disk is free, the kernel's exclusive claim on it is taken and given back at once."
        })
final class PlanCommand extends VerbCommand {
    @Parameters(
            arity = "0..1",
            paramLabel = "MACHINE",
            description = "A built-in machine or a captured file; by default this machine.")
    private Optional<String> machine;

    @Option(
            names = "--verb",
            paramLabel = "VERB",
            defaultValue = "reboot",
            description = "poweroff, reboot, halt or kexec.")
    private Verb verb;

    @Option(names = "--all", description = "Show also the devices that quiesced has no method for.")
    private boolean all;

    @Option(names = "--no-pager", description = "Do not page the output.")
    private boolean noPager;

    @Mixin
    private ConfigOption config;

    @Mixin
    private JsonOption json;

    PlanCommand(Output output) {
        super(output);
    }

    @Override
    public Integer call() {
        PlanReport report = machine.isPresent() ? ofMachine(Machines.find(machine.get())) : ofThisMachine();
        if (json.isOn()) {
            output().json(report.json(), json.mode());
        } else {
            output().paged(report.text(all), noPager);
        }
        return 0;
    }

    private PlanReport ofThisMachine() {
        LiveMachine live = LiveMachine.asRoot("plan", "only root may ask the kernel who uses a disk");
        Config loaded = config.load();
        Plan plan = live.plan(loaded);
        return new PlanReport(plan, new ReportedLatencies(plan, live.kernel()), verb, loaded.deadline());
    }

    private PlanReport ofMachine(Machine simulated) {
        Config loaded = config.loadForAnyMachine();
        Plan plan = new Planner(loaded, new SimulatedKernel(simulated).claims()).plan(simulated.tree());
        return new PlanReport(plan, simulated, verb, loaded.deadline());
    }
}
