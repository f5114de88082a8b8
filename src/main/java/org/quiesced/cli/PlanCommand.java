// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.quiesced.config.Config;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.plan.Plan;
import org.quiesced.plan.ReportedLatencies;
import org.quiesced.report.PlanJson;
import org.quiesced.report.PlanReport;
import org.quiesced.report.PlanText;
import org.quiesced.shutdown.Verb;
import org.quiesced.simulation.Machines;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "plan",
        description = {
            "Show what will become of each device at shutdown, and why. Changes nothing.",
            "A disk that somebody uses now and lets go of by then counts as free.",
            "The daemon is asked if it runs. Otherwise, or with --config, the machine itself: to learn whether a disk is free, the"
                    + " kernel's exclusive claim on it is taken and given back at once."
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

    @Mixin
    private PagerOption pager;

    @Mixin
    private KernelOption kernel;

    @Mixin
    private ConfigOption config;

    @Mixin
    private DaemonOption daemon;

    @Mixin
    private JsonOption json;

    PlanCommand(Output output) {
        super(output);
    }

    @Override
    public Integer call() {
        if (machine.isPresent()) {
            show(ofMachine(kernel.applyTo(Machines.find(machine.get()))), "");
            return 0;
        }
        Optional<DaemonClient> client = config.isGiven() ? Optional.empty() : daemon.connect();
        if (client.isPresent()) {
            try (DaemonClient connected = client.get()) {
                show(connected.plan(verb), "As quiesced.service sees it; it opens no disk before the shutdown.");
            }
        } else {
            show(ofThisMachine(), "As read from this machine; quiesced.service was not asked.");
        }
        return 0;
    }

    private void show(PlanJson plan, String source) {
        if (json.isOn()) {
            output().json(plan, json.mode());
            return;
        }
        List<String> lines = new ArrayList<>(PlanText.of(plan, all));
        if (!source.isEmpty()) {
            lines.add(source);
        }
        output().paged(lines, pager.isDeclined());
    }

    private PlanJson ofThisMachine() {
        LiveMachine live = LiveMachine.asRoot("plan", "only root may ask the kernel who uses a disk");
        Config loaded = config.load();
        Plan plan = live.planAhead(loaded);
        ReportedLatencies latencies = ReportedLatencies.ask(plan, live.kernel())
                .with(LiveMachine.expected().of(plan.tree(), plan.types()));
        return new PlanReport(plan, latencies, verb, loaded).json();
    }

    private PlanJson ofMachine(Machine simulated) {
        Config loaded = config.loadForAnyMachine();
        Plan plan = Simulation.plan(simulated, loaded);
        return new PlanReport(plan, simulated, verb, loaded).json();
    }
}
