// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.io.IOException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.quiesced.chart.DeviceGraph;
import org.quiesced.config.ConfigOrigins;
import org.quiesced.config.Nearest;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.device.Storage;
import org.quiesced.history.DeviceRecord;
import org.quiesced.history.RecordFiles;
import org.quiesced.history.RecordedExplanation;
import org.quiesced.history.RecordedNames;
import org.quiesced.history.WalkLog;
import org.quiesced.kernel.linux.LinuxKernel;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.method.DriveTypes;
import org.quiesced.report.Explanation;
import org.quiesced.report.PlanJson;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        description = "Show the rules and facts that determine how a device will be shut down, with the lines of the"
                + " configuration that apply, and what would change it; or what happened to it in a recorded"
                + " shutdown.")
final class ExplainCommand extends VerbCommand {
    private static final String NODE = "/dev/";
    private static final String SYSFS = "/sys/";

    @Parameters(
            paramLabel = "DEVICE",
            description = "The sysfs name or path of a device, or one of its controllers, disks or partitions.")
    private String device;

    @Mixin
    private PlanOption plan;

    @Mixin
    private ShutdownOption shutdown;

    @Mixin
    private JsonOption json;

    ExplainCommand(Output output) {
        super(output);
    }

    /** A device of the plan, and the names by which it can be given. */
    private record Named(PlanJson.Entry entry, List<String> names) {}

    @Override
    public Integer call() {
        Optional<RecordFiles.Kept> recorded = shutdown.record(plan, output());
        if (recorded.isPresent()) {
            RecordedExplanation explanation = recorded(recorded.get());
            show(explanation, json, explanation::page);
            return 0;
        }
        Optional<Machine> machine = plan.machine();
        PlanJson planned = plan.plan(machine).plan();
        DeviceTree tree = machine.map(Machine::tree).orElseGet(ExplainCommand::ofThisMachine);
        ConfigOrigins config = machine.isPresent()
                ? plan.config().originsForAnyMachine()
                : plan.config().origins();
        List<Named> all = named(planned, tree);
        Named found = find(all);
        List<PlanJson.Entry> waitsFor = DeviceGraph.of(planned, true).edges().stream()
                .filter(edge -> edge.device().path().equals(found.entry().path()))
                .map(edge -> edge.waitsFor())
                .toList();
        Explanation explanation = Explanation.of(found.entry(), found.names(), waitsFor, config);
        show(explanation, json, explanation::page);
        return 0;
    }

    private RecordedExplanation recorded(RecordFiles.Kept kept) {
        List<DeviceRecord> devices = WalkLog.devicesOf(kept.record());
        DeviceRecord found = RecordedNames.find(devices, device)
                .orElseThrow(() -> new Failure("no device \"" + device + "\" in this shutdown: "
                        + Nearest.hint(
                                        device,
                                        devices.stream()
                                                .flatMap(one -> Stream.concat(
                                                        Stream.of(one.device()), RecordedNames.alias(one).stream()))
                                                .toList())
                                .orElse("\"quiescectl report\" lists them")));
        return RecordedExplanation.of(found, kept, ZoneId.systemDefault());
    }

    private static DeviceTree ofThisMachine() {
        try {
            return LinuxKernel.running(DriveTypes.SUPPORTED.attributes()).readTree();
        } catch (IOException e) {
            throw new Failure(e);
        }
    }

    private static List<Named> named(PlanJson plan, DeviceTree tree) {
        Storage storage = new Storage(tree);
        List<Named> all = new ArrayList<>();
        for (PlanJson.Entry entry : plan.devices()) {
            Optional<Device> known = tree.find(entry.path());
            all.add(new Named(
                    entry,
                    Stream.of(
                                    Stream.of(entry.device()),
                                    entry.alias().stream(),
                                    known.stream().flatMap(one -> storage.namesOf(one).stream()))
                            .flatMap(names -> names)
                            .distinct()
                            .toList()));
        }
        return all;
    }

    private Named find(List<Named> all) {
        String name = device.startsWith(NODE) ? device.substring(NODE.length()) : device;
        String path = device.startsWith(SYSFS) ? device.substring(SYSFS.length() - 1) : device;
        return all.stream()
                .filter(named ->
                        named.names().contains(name) || named.entry().path().equals(path))
                .min((one, other) ->
                        Boolean.compare(other.entry().supported(), one.entry().supported()))
                .orElseThrow(() -> new Failure("no device \"" + device + "\" with a driver: "
                        + Nearest.hint(
                                        name,
                                        all.stream()
                                                .flatMap(named -> named.names().stream())
                                                .toList())
                                .orElse("\"quiescectl plan --all\" lists them")));
    }
}
