// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.quiesced.config.Config;
import org.quiesced.kernel.Verb;
import org.quiesced.kernel.linux.LinuxHost;
import org.quiesced.plan.Disposition.Handled;
import org.quiesced.plan.Plan;
import org.quiesced.plan.Reason;
import org.quiesced.plan.ReportedLatencies;
import org.quiesced.report.EventWords;
import org.quiesced.report.Labels;
import org.quiesced.report.TimelineJson;
import org.quiesced.run.Event;
import org.quiesced.run.Rehearsal;
import org.quiesced.run.Run;
import org.quiesced.run.Timeline;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "run",
        description = {
            "Shut this machine's free storage devices down. This is what the shutdown hook calls.",
            "A device that is down stays so until the machine starts again, or its driver is bound again by hand."
        })
final class RunCommand extends VerbCommand {
    private static final Logger LOG = LoggerFactory.getLogger("quiesced");

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--verb",
            paramLabel = "VERB",
            required = true,
            description = "What the machine is about to do: poweroff, reboot, halt or kexec.")
    private Verb verb;

    @Option(names = "--dry-run", description = "Only say what would be done.")
    private boolean dryRun;

    @Option(names = "--now", description = "Do it.")
    private boolean now;

    @Option(names = "--kmsg", description = "Log to the kernel's log, and write one word when all is done.")
    private boolean kmsg;

    @Option(
            names = "--since",
            paramLabel = "UPTIME",
            hidden = true,
            description = "When the hook began, in seconds of /proc/uptime: the deadline counts from there.")
    private Optional<Double> since;

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
                    spec.commandLine(),
                    "say either --dry-run, or --now to shut this machine's free drives down for real");
        }
        LiveMachine live = LiveMachine.asRoot("run", "only root may shut devices down");
        if (dryRun) {
            dryRun(live);
            return 0;
        }
        Logging.set(kmsg ? Logging.Target.KMSG : Logging.Target.STDERR);
        try {
            return realRun(live);
        } catch (Failure e) {
            e.getMessage().lines().forEach(line -> LOG.error("{}", line));
            throw e;
        } finally {
            Logging.close();
            if (kmsg) {
                output().line("done");
            }
        }
    }

    private int realRun(LiveMachine live) {
        Config loaded = config.load();
        Duration left = loaded.deadline().minus(alreadySpent());
        Plan plan = live.plan(loaded);
        plan.warnings().forEach(LOG::warn);
        EventWords words = new EventWords(plan);
        log(words.beginning(verb.word()));
        Timeline timeline = new Run(
                        plan,
                        verb,
                        live.kernel(),
                        left,
                        event -> words.of(event).ifPresent(this::log))
                .execute();
        log(words.end(timeline));
        if (json.isOn()) {
            output().json(TimelineJson.of(plan, timeline), json.mode());
        }
        return timeline.outcomes().stream().anyMatch(RunCommand::wentWrong) ? 1 : 0;
    }

    private static boolean wentWrong(Timeline.Outcome outcome) {
        return outcome.leftBecause()
                .map(reason -> reason instanceof Reason.Failed
                        || reason instanceof Reason.TimedOut
                        || reason instanceof Reason.DeadlineReached)
                .orElse(false);
    }

    private Duration alreadySpent() {
        return since.map(begin -> Duration.ofNanos(LinuxHost.uptimeNanos() - Math.round(begin * 1e9)))
                .filter(spent -> !spent.isNegative())
                .orElse(Duration.ZERO);
    }

    private void log(EventWords.Sentence sentence) {
        switch (sentence.weight()) {
            case DEBUG -> LOG.debug("{}", sentence.text());
            case INFO -> LOG.info("{}", sentence.text());
            case WARNING -> LOG.warn("{}", sentence.text());
        }
    }

    private void dryRun(LiveMachine live) {
        Config loaded = config.load();
        Plan plan = live.plan(loaded);
        Timeline timeline = Rehearsal.of(plan, new ReportedLatencies(plan, live.kernel()), verb, loaded.deadline());
        if (json.isOn()) {
            output().json(TimelineJson.of(plan, timeline), json.mode());
            return;
        }
        List<String> lines = new ArrayList<>();
        Labels labels = new Labels(plan.tree());
        for (Event event : timeline.events()) {
            if (event instanceof Event.Started started && plan.of(started.device()) instanceof Handled handled) {
                lines.add(String.format(
                        Locale.ROOT,
                        "%8.3f s  %s: %s",
                        started.at() / 1e9,
                        labels.of(started.device()),
                        String.join(", then ", handled.method().steps(handled.target(), verb))));
            }
        }
        lines.add(
                lines.isEmpty()
                        ? "Nothing would be done."
                        : lines.size() + " devices would be shut down; nothing was done.");
        lines.forEach(output()::line);
    }
}
