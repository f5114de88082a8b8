// SPDX-License-Identifier: Apache-2.0
package org.quiesced.hook;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.quiesced.config.Configs;
import org.quiesced.config.Mode;
import org.quiesced.daemon.HeardAnswers;
import org.quiesced.device.Device;
import org.quiesced.guard.Threads;
import org.quiesced.host.linux.SystemdNotifier;
import org.quiesced.host.simulated.SimulatedExitrd;
import org.quiesced.host.simulated.SimulatedSystemState;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.log.Logging;
import org.quiesced.plan.Disposition.Handled;
import org.quiesced.plan.Plan;
import org.quiesced.plan.Planner;
import org.quiesced.run.Event;
import org.quiesced.run.PreparedPlan;
import org.quiesced.run.Removal;
import org.quiesced.shutdown.Verb;

/**
 * With {@code handover} the hook is released once the kernel's walk would wait for all devices in flight, and not
 * before.
 */
@Timeout(60)
class HookTalkTest {
    @TempDir
    private Path directory;

    private final HeardAnswers heard = new HeardAnswers();
    private final List<String> answers = heard.answers();
    private final CompletableFuture<List<String>> answersAtTheHandover = new CompletableFuture<>();
    private final Semaphore asked = new Semaphore(0);
    private final Plan plan;
    private final Progress progress = new Progress(Verb.REBOOT);

    HookTalkTest() {
        MachineBuilder builder = new MachineBuilder("one drive");
        builder.nvme("/devices/pci", "0000:01:00.0", Duration.ZERO);
        plan = Planner.assumingFree(Configs.config(Mode.ON, Map.of(), Map.of()))
                .plan(builder.build().tree());
        PreparedPlan prepared = new PreparedPlan(plan);
        progress.begin(prepared);
        Device drive = prepared.devices().get(0);
        Handled handled = (Handled) plan.of(drive);
        progress.accept(new Event.Unbinding(drive, 0, new Removal(handled.method(), handled.target(), Verb.REBOOT)));
    }

    private HookTalk.Hook hook() {
        return heard.hook();
    }

    private HostServices host() {
        return new HostServices(
                new SimulatedSystemState(),
                line -> {},
                new SystemdNotifier(Map.of()),
                new HookLimit(directory),
                new SimulatedExitrd());
    }

    private void talk(Predicate<Device> isBound) {
        HostServices host = host();
        HookTalk talk = new HookTalk(
                host, new Logging.NoLog(), isBound, () -> answersAtTheHandover.complete(List.copyOf(answers)));
        new Threads(() -> false).start("progress", talk::serve);
        talk.add(hook(), host.systemState().process("1"), progress, () -> {}, HookTalk.End.WITH_THE_KERNEL);
    }

    private static void until(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            Thread.sleep(2);
        }
    }

    @Test
    void hookIsHeldWhileADeviceHasItsDriver() throws InterruptedException {
        AtomicBoolean bound = new AtomicBoolean(true);
        talk(device -> {
            asked.release();
            return bound.get();
        });
        asked.acquire(3);
        assertThat(answers).noneMatch(line -> line.contains("handover"));

        bound.set(false);
        until(() -> answers.stream().anyMatch(line -> line.startsWith("1 handover ")));
    }

    @Test
    void hookIsReleasedBeforeTheRecordIsWritten() throws Exception {
        talk(device -> false);

        List<String> before = answersAtTheHandover.get(10, TimeUnit.SECONDS);
        assertThat(before.get(before.size() - 1)).startsWith("1 handover ");
    }

    @Test
    void hookIsReleasedAtTheEndOfTheRun() throws InterruptedException {
        talk(device -> true);
        until(() -> answers.size() > 1);
        assertThat(answers)
                .as("the hook hears meanwhile that the daemon lives")
                .allMatch(line -> line.startsWith("1 progress "));

        progress.end();
        until(() -> answers.get(answers.size() - 1).startsWith("1 end "));
    }

    @Test
    void threadsEndAfterTheStop() throws InterruptedException {
        HostServices host = host();
        HookTalk talk = new HookTalk(host, new Logging.NoLog(), device -> false, () -> {});
        progress.end();
        talk.add(hook(), host.systemState().process("1"), progress, () -> {}, HookTalk.End.WITH_THE_RUN);
        talk.stop();

        talk.serve();
        talk.showLines();
        assertThat(answers).as("a hook that waits is served before").anyMatch(line -> line.startsWith("1 end "));
    }
}
