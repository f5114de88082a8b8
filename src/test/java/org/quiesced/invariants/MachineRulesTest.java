// SPDX-License-Identifier: Apache-2.0
package org.quiesced.invariants;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.quiesced.config.Config;
import org.quiesced.config.Configs;
import org.quiesced.config.Mode;
import org.quiesced.config.Settings;
import org.quiesced.device.Device;
import org.quiesced.kernel.Attributes;
import org.quiesced.kernel.BlockClaims;
import org.quiesced.kernel.Drivers;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.ScsiCommands;
import org.quiesced.kernel.VisibleUsers;
import org.quiesced.kernel.simulated.Altered;
import org.quiesced.kernel.simulated.Fault;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.SameDrivers;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.plan.Plan;
import org.quiesced.plan.Planner;
import org.quiesced.shutdown.Verb;

/** Each rule checked after a run is found broken when a bug is planted between the run and the machine. */
@PlantedViolation(reason = "That it is found is what each test is about.")
class MachineRulesTest {
    private final MachineBuilder builder = new MachineBuilder("rules");
    private Config config = Configs.config(Mode.ON, Map.of(), Map.of());
    private Verb verb = Verb.POWEROFF;
    private UnaryOperator<Plan> tampering = UnaryOperator.identity();
    private UnaryOperator<Kernel> bug = UnaryOperator.identity();
    private SimulatedKernel kernel;

    private String disk() {
        return builder.scsiDisk("/devices/host0", "0:0:0:0", Duration.ofSeconds(1));
    }

    private void run() {
        Machine machine = builder.build();
        kernel = new SimulatedKernel(machine);
        CheckedRun run = CheckedRun.of(
                machine, kernel, tampering.apply(Planner.assumingFree(config).plan(machine.tree())));
        run.late(verb, bug.apply(kernel), Duration.ofMinutes(1), event -> {});
        run.execute();
    }

    private void assertFound(String... rules) {
        List<Account> wrong = CheckedRuns.check();
        assertThat(wrong).hasSize(1);
        assertThat(wrong.get(0).complaints())
                .allMatch(complaint -> List.of(rules).stream().anyMatch(complaint::startsWith));
        wrong.forEach(account -> CheckedRuns.add(account.complaints(), account::story));
    }

    @Test
    void brokenOrderIsFound() {
        config = Configs.config(
                Mode.ON, Map.of("par", Configs.settings(Settings.Method.UNBIND, Settings.Shutdown.PARALLEL)), Map.of());
        String supplier = builder.device("/devices", "supplier", "platform", "par");
        String consumer = builder.device("/devices", "consumer", "platform", "par");
        builder.link(consumer, supplier, false).latency(consumer, Duration.ofSeconds(1));
        tampering = Tampering::withoutLinks;
        run();
        assertFound("a device starts only after its dependents are down");
    }

    @Test
    void falseReportOfADriveThatIsDownIsFound() {
        builder.nvme("/devices/pci", "0000:01:00.0", Duration.ofSeconds(1));
        bug = kernel -> Altered.with(
                (Drivers) new SameDrivers(kernel.drivers()) {
                    @Override
                    public void unbind(Device device) {}
                },
                kernel);
        run();
        assertFound("what is said to be down has no driver");
    }

    @Test
    void falseReportOfADriveWithItsDriverIsFound() {
        builder.nvme("/devices/pci", "0000:01:00.0", Duration.ofSeconds(1));
        bug = kernel -> Altered.with(
                (Drivers) new SameDrivers(kernel.drivers()) {
                    @Override
                    public void unbind(Device device) throws IOException {
                        super.unbind(device);
                        throw new IOException("unbind: No such device");
                    }
                },
                kernel);
        run();
        assertFound("what is said to be left to the kernel has its driver");
    }

    @Test
    void ignoredFailureOfAFlushIsFound() {
        builder.fault(disk(), Fault.FLUSH_FAILS);
        bug = kernel -> Altered.with(
                new Scsi(kernel.scsi()) {
                    @Override
                    public void synchronizeCache(Device disk) {}
                },
                kernel);
        run();
        assertFound("a drive whose flush fails keeps its driver");
    }

    @Test
    void stopAtRebootIsFound() {
        disk();
        verb = Verb.REBOOT;
        bug = kernel -> Altered.with(
                (Drivers) new SameDrivers(kernel.drivers()) {
                    @Override
                    public void unbind(Device device) throws IOException {
                        super.unbind(device);
                        kernel.scsi().stop(device);
                    }
                },
                kernel);
        run();
        assertFound("no disk is stopped at reboot and kexec");
    }

    @Test
    void twoStopsAreFound() {
        disk();
        bug = kernel -> Altered.with(
                new Scsi(kernel.scsi()) {
                    @Override
                    public void stop(Device device) throws IOException {
                        super.stop(device);
                        super.stop(device);
                    }
                },
                kernel);
        run();
        assertFound("one unbinding and one stop, never two");
    }

    @Test
    void stopByTheLeavingDriverIsFound() {
        disk();
        bug = kernel -> Altered.with(
                new Attributes() {
                    @Override
                    public Optional<String> read(Device device, String name) {
                        return kernel.attributes().read(device, name);
                    }

                    @Override
                    public List<String> writable(Device device) {
                        return List.of();
                    }

                    @Override
                    public void write(Device device, String name, String value) {}
                },
                kernel);
        run();
        assertFound("no driver stops its disk as it leaves");
    }

    @Test
    void unreleasedClaimIsFound() {
        builder.nvme("/devices/pci", "0000:01:00.0", Duration.ofSeconds(1));
        bug = kernel -> Altered.with(
                new BlockClaims() {
                    @Override
                    public Claim claim(Device disk) throws IOException {
                        kernel.claims().claim(disk);
                        return () -> {};
                    }

                    @Override
                    public VisibleUsers visibleUsers() {
                        return kernel.claims().visibleUsers();
                    }
                },
                kernel);
        run();
        assertFound("all claims are given back");
    }

    @Test
    void unrestoredGracePeriodsAreFound() {
        builder.nvme("/devices/pci", "0000:01:00.0", Duration.ofSeconds(1));
        run();
        kernel.gracePeriods().expedite();
        assertFound("grace periods are as before");
    }

    @Test
    void unrestoredAttributeOfADiskIsFound() throws IOException {
        String path = disk();
        builder.fault(path, Fault.UNBIND_FAILS);
        run();
        Device scsiDisk = kernel.readTree().find(path + "/scsi_disk/0:0:0:0").orElseThrow();
        kernel.attributes().write(scsiDisk, "manage_start_stop", "0");
        assertFound("a disk that stays is as it was");
    }

    @Test
    void unbindOfADeviceLeftToTheKernelIsFound() throws IOException {
        String path = builder.nvme("/devices/pci", "0000:01:00.0", Duration.ofSeconds(1));
        config = Configs.config(Mode.OFF, Map.of(), Map.of());
        run();
        kernel.drivers().unbind(kernel.readTree().find(path).orElseThrow());
        assertFound(
                "what is left to the kernel is not touched", "what is said to be left to the kernel", "a drive that");
    }

    /** The commands of a kernel, to be overridden. */
    private static class Scsi implements ScsiCommands {
        private final ScsiCommands rest;

        Scsi(ScsiCommands rest) {
            this.rest = rest;
        }

        @Override
        public void synchronizeCache(Device disk) throws IOException {
            rest.synchronizeCache(disk);
        }

        @Override
        public void stop(Device device) throws IOException {
            rest.stop(device);
        }
    }
}
