// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.quiesced.config.Config;
import org.quiesced.config.Root;
import org.quiesced.doctor.ConfigCheck;
import org.quiesced.doctor.Finding;
import org.quiesced.doctor.HookCheck;
import org.quiesced.doctor.MetricsCheck;
import org.quiesced.doctor.PlanCheck;
import org.quiesced.doctor.RecordCheck;
import org.quiesced.doctor.ServiceCheck;
import org.quiesced.doctor.UnitsCheck;
import org.quiesced.doctor.WatchdogCheck;
import org.quiesced.history.PstoreSettings;
import org.quiesced.hook.ExitrdOutlook;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.report.PlanJson;
import org.quiesced.report.Version;
import org.quiesced.snapshot.ExpectedTimesFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

@Command(
        description =
                "Check whether this machine is ready for a shutdown: the daemon, the hook, the configuration, the exitrd,"
                        + " the carrier of the record, the metrics, the hardware watchdog, SELinux and the plan. Changes nothing. With"
                        + " --machine only the plan is checked.")
final class DoctorCommand extends VerbCommand {
    private static final Path SYSTEM = Path.of("/");

    @Mixin
    private MachineArgument machine;

    @Mixin
    private PlanOption plan;

    @Mixin
    private JsonOption json;

    DoctorCommand(Output output) {
        super(output);
    }

    @Override
    public Integer call() {
        machine.ifGiven(plan::select);
        Optional<Machine> description = plan.machine();
        List<Finding> findings =
                description.isPresent() ? PlanCheck.of(plan.plan(description).plan()) : ofThisMachine();
        show(findings, json, () -> Finding.page(findings));
        return Finding.isFailure(findings) ? 1 : 0;
    }

    private List<Finding> ofThisMachine() {
        List<Finding> findings = new ArrayList<>(service());
        findings.addAll(new UnitsCheck(SYSTEM).check());
        findings.add(new HookCheck(SYSTEM).check());
        Optional<String> problem = Optional.empty();
        Config config = Config.DEFAULT;
        try {
            config = plan.config().load();
        } catch (Failure e) {
            problem = firstLine(e);
        }
        findings.add(new ConfigCheck(SYSTEM).check(problem));
        findings.add(exitrd(config));
        findings.addAll(RecordCheck.of(new PstoreSettings(SYSTEM)));
        new MetricsCheck(DaemonOption.DIRECTORY.resolve(ExpectedTimesFile.NAME))
                .check(config.metrics())
                .ifPresent(findings::add);
        Optional<Duration> expected = Optional.empty();
        List<Finding> planned;
        try {
            PlanJson current = plan.plan(Optional.empty()).plan();
            expected = Optional.of(PlanCheck.expected(current));
            planned = PlanCheck.of(current);
        } catch (Failure e) {
            planned = List.of(Finding.skipped("plan", firstLine(e).orElse("")));
        }
        findings.add(new WatchdogCheck(SYSTEM).check(expected, config.deadline()));
        findings.add(
                new SelinuxModule(SelinuxModule.SYSTEM).isNeeded()
                        ? Finding.failed("selinux", SelinuxModule.OBSTACLE, SelinuxModule.REMEDY)
                        : Finding.ok("selinux", "SELinux does not keep the service from starting"));
        findings.addAll(planned);
        return findings;
    }

    private List<Finding> service() {
        try {
            Optional<DaemonClient> client = plan.daemon().connect();
            if (client.isEmpty()) {
                return ServiceCheck.of(Optional.empty(), Version.current());
            }
            try (DaemonClient connected = client.get()) {
                JsonNode status = connected.call("Status");
                return ServiceCheck.of(
                        Optional.of(new ServiceCheck.Status(
                                status.path("state").asString(""),
                                status.path("version").asString(""))),
                        Version.current());
            }
        } catch (Failure e) {
            return List.of(Finding.skipped("service", firstLine(e).orElse("")));
        }
    }

    private static Finding exitrd(Config config) {
        if (config.root() == Root.NEVER) {
            return Finding.ok("exitrd", "the root drives are left to the kernel, because of root = \"never\"");
        }
        ExitrdOutlook outlook = new ExitrdOutlook(DaemonOption.DIRECTORY);
        if (outlook.obstacle().isPresent() && outlook.knownObstacle().isEmpty()) {
            return Finding.skipped(
                    "exitrd", "whether an exitrd can be created is unknown until the service has started");
        }
        return outlook.knownObstacle()
                .map(why -> Finding.warning(
                        "exitrd",
                        "the root drives are left to the kernel, no exitrd: " + why,
                        "see the phase exitrd in quiesced(8)"))
                .orElse(Finding.ok("exitrd", "an exitrd can be created for the root drives"));
    }

    private static Optional<String> firstLine(Failure failure) {
        return String.valueOf(failure.getMessage()).lines().findFirst();
    }
}
