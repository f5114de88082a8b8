// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.quiesced.config.Config;
import org.quiesced.device.Device;
import org.quiesced.estimate.UnknownTimes;
import org.quiesced.log.Logging;
import org.quiesced.method.Step;
import org.quiesced.oneshot.OneShot;
import org.quiesced.plan.Disposition.Handled;
import org.quiesced.plan.KnownLatencies;
import org.quiesced.plan.Plan;
import org.quiesced.report.DeviceCounts;
import org.quiesced.report.Labels;
import org.quiesced.report.Page;
import org.quiesced.report.TimelineJson;
import org.quiesced.run.Event;
import org.quiesced.run.Timeline;
import org.quiesced.shutdown.Verb;
import org.quiesced.simulation.DryRun;
import org.quiesced.work.IdleWorkers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        description = {
            "Shut down this machine's free storage devices, as the shutdown hook does.",
            "The devices stay down until the machine is started again, or their drivers are bound again by hand."
        })
final class RunCommand extends VerbCommand {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--verb",
            paramLabel = "VERB",
            required = true,
            description = "The verb of the shutdown: poweroff, reboot, halt or kexec.")
    private Verb verb;

    @Option(names = "--dry-run", description = "Only show the steps.")
    private boolean dryRun;

    @Option(names = "--now", description = "Perform the steps.")
    private boolean now;

    @Mixin
    private ConfigOption config;

    @Mixin
    private JsonOption json;

    RunCommand(Output output) {
        super(output);
    }

    @Override
    public Integer call() {
        if (dryRun == now) {
            throw new ParameterException(
                    spec.commandLine(), "give either --dry-run, or --now to shut down this machine's free drives");
        }
        LiveMachine live = LiveMachine.asRoot("run", "only root may shut devices down");
        if (dryRun) {
            dryRun(live);
            return 0;
        }
        Logging.toStandardError();
        Config loaded = config.load();
        OneShot oneShot = new OneShot(live.kernel(), new IdleWorkers(), loaded, verb);
        oneShot.ignoreSignalsOnceBegun(() -> spec.commandLine()
                .getErr()
                .println("quiescectl: drivers are being unbound, which cannot be interrupted"));
        OneShot.Result result = realRun(oneShot, loaded.deadline());
        if (json.isOn()) {
            output().json(TimelineJson.of(result.plan(), result.timeline()), json.mode());
        }
        oneShot.awaitUnfinished();
        return result.isGood() ? 0 : 1;
    }

    private static OneShot.Result realRun(OneShot oneShot, Duration deadline) {
        try {
            return oneShot.run(deadline);
        } catch (IOException e) {
            throw new Failure(e);
        }
    }

    private void dryRun(LiveMachine live) {
        Config loaded = config.load();
        Plan plan = live.planNow(loaded);
        KnownLatencies latencies = live.latencies(plan);
        Timeline timeline = DryRun.of(plan, latencies, verb, loaded.deadline());
        if (json.isOn()) {
            output().json(TimelineJson.of(plan, timeline, UnknownTimes.of(plan, latencies, verb)), json.mode());
            return;
        }
        Page page = new Page();
        List<Device> started = new ArrayList<>();
        Labels labels = new Labels(plan);
        for (Event event : timeline.events()) {
            if (event instanceof Event.Started begun && plan.of(begun.device()) instanceof Handled handled) {
                started.add(begun.device());
                page.item(
                        String.format(Locale.ROOT, "%8.3f s  ", begun.at() / 1e9),
                        labels.of(begun.device()) + ": "
                                + handled.method().steps(handled.target(), verb).stream()
                                        .map(Step::describe)
                                        .collect(Collectors.joining(", then ")));
            }
        }
        page.line(
                page.isEmpty()
                        ? "Nothing would be done."
                        : new DeviceCounts(plan).of(started) + " would be shut down; nothing was done.");
        output().write(page);
    }
}
