// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.util.Optional;
import org.quiesced.config.Config;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.report.Comparison;
import org.quiesced.report.SimulationJson;
import org.quiesced.report.TimelineJson;
import org.quiesced.shutdown.Verb;
import org.quiesced.simulation.Machines;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        description = {
            "Simulate the shutdown of a machine, with the planner and the runner of real shutdowns.",
            "Built-in machines: nvme-24, sas-60, cloud-2, nvme-150."
        })
final class SimulateCommand extends VerbCommand {
    @Spec
    private CommandSpec spec;

    @Mixin
    private MachineArgument argument;

    @Option(
            names = "--machine",
            paramLabel = "MACHINE",
            description = "The machine: a built-in one, or a file written by \"capture\".")
    private Optional<String> machine;

    @Option(
            names = "--verb",
            paramLabel = "VERB",
            defaultValue = "poweroff",
            description = "poweroff, reboot, halt or kexec; by default poweroff.")
    private Verb verb;

    @Option(
            names = "--speed",
            paramLabel = "FACTOR",
            description =
                    "How fast virtual time passes: 1 is real time, 10 is ten times as fast; by default it takes no time.")
    private Optional<Double> speed;

    @Mixin
    private KernelOption kernel;

    @Mixin
    private ConfigOption config;

    @Mixin
    private JsonOption json;

    SimulateCommand(Output output) {
        super(output);
    }

    @Override
    public Integer call() {
        if (speed.isPresent() && !(speed.get() > 0 && speed.get() <= 1e6)) {
            throw new ParameterException(spec.commandLine(), "--speed must be from 0 (excluded) to 1000000");
        }
        argument.ifGiven(given -> machine = MachineArgument.either(given, machine));
        Machine simulated = kernel.applyTo(Machines.find(machine.orElseThrow(
                () -> new ParameterException(spec.commandLine(), "Missing required parameter: 'MACHINE'"))));
        Config loaded = config.loadForAnyMachine();
        Simulation simulation = new Simulation(simulated, loaded, verb);
        ProgressView view =
                json.isOn() ? ProgressView.silent() : ProgressView.of(output(), simulation, simulated, speed);
        Simulation.Result result = simulation.run(view::advance, view::happened);
        view.close();
        Optional<Comparison> totals = Optional.of(result.comparison())
                .filter(known -> !simulation.unknown().isAll());
        if (json.isOn()) {
            output().json(
                            new SimulationJson(
                                    simulated.name(),
                                    TimelineJson.of(simulation.plan(), result.timeline(), simulation.unknown()),
                                    totals.map(Comparison::totals),
                                    simulation.unknown().count()),
                            json.mode());
        } else {
            result.sentences().forEach(output()::paragraph);
            totals.map(Comparison::summary).ifPresent(output()::paragraph);
        }
        return 0;
    }
}
