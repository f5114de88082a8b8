// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quiesced.daemon.Awaiting.until;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.quiesced.config.Config;
import org.quiesced.config.Configs;
import org.quiesced.device.Device;
import org.quiesced.guard.ShutdownWatch;
import org.quiesced.guard.Threads;
import org.quiesced.hook.HostServices;
import org.quiesced.invariants.CheckedRun;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.OperationLog;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.plan.Planner;
import org.quiesced.shutdown.Verb;
import org.quiesced.snapshot.Readers;

/**
 * If a daemon dies between the unbind and the stop of a disk, the late phase of the next daemon stops the disk once, if
 * the verb requires it.
 */
@Timeout(60)
class OrphanedStopsTest {
    @TempDir
    private Path directory;

    private final MachineBuilder builder = new MachineBuilder("a disk that was left");
    private final HeardAnswers heard = new HeardAnswers();
    private final HeardLog log = new HeardLog();
    private SimulatedKernel kernel;
    private Device disk;
    private Shutdowns shutdowns;

    @BeforeEach
    void aDaemonHasDiedAndTheNextOneIsThere() throws Exception {
        String path = builder.scsiDisk("/devices/host0", "0:0:0:0", Duration.ofMillis(200));
        builder.attribute(path + "/scsi_disk/0:0:0:0", "manage_start_stop", "0");
        builder.nvme("/devices/pci", "0000:01:00.0", Duration.ofMillis(200));
        Config config = Configs.FILES.parse("quiesced.toml", "mode = \"on\"\nearly = \"free\"\nhandover = true\n");
        Machine machine = builder.build();
        kernel = SimulatedKernel.inRealTime(machine);
        CheckedRun.addMachineAtWork(
                machine, kernel, Planner.assumingFree(config).plan(machine.tree()));
        disk = kernel.readTree().find(path).orElseThrow();
        kernel.dueStops().note(disk, Set.of(Verb.POWEROFF, Verb.HALT));
        kernel.drivers().unbind(disk);
        kernel.processEnds();
        Daemon daemon = new Daemon(Readers.of(kernel), () -> config, new SilentManager(), plan -> {});
        HostServices host = QuietHost.in(directory);
        shutdowns = new Shutdowns(
                kernel,
                kernel.workers(),
                daemon::current,
                Reported.to(log, new EventStream()),
                host,
                ShutdownWatch.NONE);
        shutdowns.start(new Threads(() -> false));
    }

    @AfterEach
    void end() {
        shutdowns.stop();
    }

    private void late(Verb verb) throws InterruptedException {
        int before = heard.answers().size();
        shutdowns.late(verb, heard.hook(), false);
        until(() -> heard.answers().stream().skip(before).anyMatch(line -> line.matches("1 (end|handover) .*")));
        until(() -> !shutdowns.isInFlight());
    }

    private List<String> stops() {
        return kernel.log().operations().stream()
                .filter(operation -> operation.kind() == OperationLog.Kind.STOP)
                .map(operation -> operation.device().name())
                .toList();
    }

    private long said() {
        return log.said().stream()
                .filter("0:0:0:0 is stopped: the process that unbound its driver had ended"::equals)
                .count();
    }

    @ParameterizedTest
    @EnumSource(
            value = Verb.class,
            names = {"POWEROFF", "HALT"})
    void latePhaseStopsTheOrphanedDiskOnceBeforeItsAdapter(Verb verb) throws Exception {
        late(verb);

        assertThat(stops()).containsExactly("0:0:0:0");
        assertThat(heard.answers())
                .as("the kernel does not wait for the stop")
                .noneMatch(line -> line.contains("handover"));
        assertThat(said()).isOne();
        assertThat(kernel.dueStops().left()).isEmpty();
        assertThat(kernel.log().operations())
                .extracting(operation -> operation.kind().name())
                .as("the driver was taken away before; then its adapter may go")
                .startsWith("UNBIND", "STOP");

        late(verb);
        assertThat(stops()).as("in the next late phase").hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = Verb.class,
            names = {"REBOOT", "KEXEC"})
    void latePhaseOfARestartKeepsTheNote(Verb verb) throws Exception {
        late(verb);

        assertThat(stops()).isEmpty();
        assertThat(kernel.dueStops().left()).containsOnlyKeys(disk);

        late(Verb.POWEROFF);
        assertThat(stops()).as("at a later power-off").containsExactly("0:0:0:0");
    }

    @ParameterizedTest
    @EnumSource(
            value = Verb.class,
            names = {"POWEROFF", "REBOOT"})
    void latePhaseThatJoinsAnEarlyPhaseStopsTheOrphanedDisk(Verb early) throws Exception {
        shutdowns.early(early);
        until(() -> kernel.log().operations().stream()
                .anyMatch(one -> one.device().name().equals("0000:01:00.0")));
        assertThat(stops()).as("a shutdown may still be cancelled").isEmpty();

        late(Verb.POWEROFF);

        assertThat(stops()).containsExactly("0:0:0:0");
        assertThat(heard.answers())
                .as("the kernel does not wait for the stop")
                .noneMatch(line -> line.contains("handover"));
        assertThat(said()).isOne();
        assertThat(kernel.dueStops().left()).isEmpty();
    }

    @Test
    void latePhaseOfARestartThatJoinsAnEarlyPhaseStopsNoDisk() throws Exception {
        shutdowns.early(Verb.POWEROFF);
        late(Verb.REBOOT);

        assertThat(stops()).isEmpty();
        assertThat(kernel.dueStops().left()).containsOnlyKeys(disk);
    }
}
