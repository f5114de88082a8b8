// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.quiesced.config.Configs;
import org.quiesced.config.Settings;
import org.quiesced.device.Device;
import org.quiesced.kernel.Counters;
import org.quiesced.kernel.DeviceInUseException;
import org.quiesced.kernel.SentFlushes;
import org.quiesced.kernel.Usage;
import org.quiesced.kernel.simulated.Altered;
import org.quiesced.kernel.simulated.Fault;
import org.quiesced.shutdown.Verb;

/** Steps of the method for NVMe controllers, and the steps omitted after a failure. */
class NvmeMethodTest extends FlushedDriveTest {
    private static final String CONTROLLER = "/nvme/nvme0";
    private static final String HEAD = "/devices/virtual/nvme-subsystem/nvme-subsys5/nvme5n1";

    private final String drive = run.builder.nvme("/devices/pci", "0000:01:00.0", Duration.ofSeconds(8));

    @Override
    String drive() {
        return drive;
    }

    @Override
    String departure() {
        return "UNBIND 0000:01:00.0";
    }

    @Test
    void failedFlushIsNotRetriedAndKeepsTheDriver() {
        run.builder.fault(drive, Fault.FIRST_FLUSH_FAILS);

        assertThatThrownBy(this::reboot).hasMessageContaining("Flush failed");
        assertThat(run.done()).isEmpty();
    }

    @Test
    void multipathControllerIsFlushedByTheHeadDiskAndAgainAfterALostPath() throws IOException {
        String path = run.builder.device("/devices/pci", "0000:02:00.0", "pci", "nvme");
        String head = HEAD;
        run.builder
                .classDevice(path + "/nvme/nvme1", "nvme", Map.of("state", "live"))
                .classDevice(path + "/nvme/nvme1/nvme5c1n1", "block", Map.of())
                .classDevice(head, "block", Map.of())
                .fault(head, Fault.FIRST_FLUSH_FAILS);
        run.shutdown(path, Verb.REBOOT);

        assertThat(run.done()).containsExactly("FLUSH nvme5n1", "UNBIND 0000:02:00.0");
    }

    /**
     * Adds a controller with a path to a namespace to which other controllers have paths, too; returns its path. The
     * kernel counts flushes, all of which use this path. Each reading but the first follows two flushes by each of
     * three other controllers, while a flush by a fourth one is in flight.
     */
    private String shared(long sectorsOfAStranger, long requestsOfAStranger) {
        String path = run.builder.device("/devices/pci", "0000:05:00.0", "pci", "nvme");
        run.builder
                .classDevice(path + "/nvme/nvme5", "nvme", Map.of("state", "live", "serial", "S"))
                .classDevice(path + "/nvme/nvme5/nvme5c5n1", "block", Map.of("size", "8"))
                .classDevice(HEAD, "block", Map.of("size", "8"));
        List<Device> read = new ArrayList<>();
        run.altered = kernel -> Altered.with(
                new Usage() {
                    @Override
                    public Users scan() {
                        return below -> Optional.empty();
                    }

                    @Override
                    public Traffic traffic(Device disk) throws IOException {
                        boolean isPath = disk.name().equals("nvme5c5n1");
                        boolean isFirst = !read.contains(disk);
                        read.add(disk);
                        if (!isPath) {
                            return Counters.reads(0, 10, 80);
                        }
                        Device head = kernel.readTree().find(HEAD).orElseThrow();
                        SentFlushes sent = kernel.nvme().sentFlushes();
                        if (isFirst) {
                            return Counters.reads(0, 10 + sent.ended(head), 80);
                        }
                        for (int i = 0; i < 6; i++) {
                            kernel.nvme().flush(head);
                        }
                        SentFlushes.Sending flush = sent.begin(head);
                        Traffic now =
                                Counters.reads(1, 10 + sent.ended(head) + requestsOfAStranger, 80 + sectorsOfAStranger);
                        flush.close();
                        return now;
                    }
                },
                kernel);
        return path;
    }

    @Test
    void flushesOfOtherControllersOfTheSubsystemAreNoUse() throws IOException {
        String path = shared(0, 0);

        assertThat(run.shutdown(path, Verb.REBOOT)).isEqualTo(new Ending.Down());
    }

    @Test
    void flushesOfOtherControllersAreNoUseOfAnUnflushedController() throws IOException {
        String path = shared(0, 0);

        assertThat(run.shutdown(path, Configs.settings(Settings.Flush.NEVER), Verb.REBOOT))
                .isEqualTo(new Ending.Down());
    }

    @ParameterizedTest
    @CsvSource({"8, 1", "0, 3"})
    void otherTrafficBesideFlushesIsAUse(long sectors, long requests) {
        String path = shared(sectors, requests);

        assertThatThrownBy(() -> run.shutdown(path, Verb.REBOOT)).isInstanceOf(DeviceInUseException.class);
        assertThat(run.done()).noneMatch(step -> step.startsWith("UNBIND"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"new", "resetting", "connecting", "deleting", "dead"})
    void controllerThatIsNotLiveGetsNoCommand(String state) {
        run.builder.attribute(drive + CONTROLLER, "state", state);
        // A query of the drive would fail with another error.
        run.builder.fault(drive, Fault.IDENTIFY_FAILS).inUse(drive, "nobody who was asked");

        assertThatThrownBy(this::reboot)
                .isInstanceOf(UnreadyException.class)
                .hasMessage("nvme0 is " + state + ", not live");
        assertThat(run.done()).isEmpty();
    }

    @Test
    void controllerWithoutAStateGetsNoCommand() {
        String path = run.builder.device("/devices/pci", "0000:02:00.0", "pci", "nvme");
        run.builder.classDevice(path + "/nvme/nvme1", "nvme", Map.of()).inUse(path, "nobody who was asked");

        assertThatThrownBy(() -> run.shutdown(path, Verb.REBOOT))
                .isInstanceOf(UnreadyException.class)
                .hasMessage("nvme1 is gone, not live");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nvme3", "nvme1"})
    void controllerIsAddressedByItsCurrentNumber(String planned) throws IOException {
        String other = run.builder.nvme("/devices/pci", "0000:02:00.0", Duration.ofSeconds(50));
        run.builder.attribute(other + "/nvme/nvme1", "state", "resetting");
        run.prepare().sayAtUnbind("nvme nvme0: Device shutdown incomplete; abort shutdown");
        String path = planned.equals("nvme1") ? other : drive;
        Target target = run.target(drive, Settings.NONE)
                .controlledBy(new Device(path + "/nvme/" + planned, "nvme", false, Optional.empty(), Map.of()));

        Ending ending = run.method(drive, Settings.NONE).shutdown(target, Verb.REBOOT, run.kernel, run);

        assertThat(ending).isEqualTo(new Ending.Unconfirmed(Duration.ofSeconds(8)));
        assertThat(run.allowed).containsExactly(Duration.ofSeconds(103));
        assertThat(run.done()).containsExactly("FLUSH nvme0n1", "UNBIND 0000:01:00.0");
    }

    @Test
    void allowedTimeIsThatOfItsCommandsAndItsReportedTime() throws IOException {
        reboot();

        // Identify 60 s, one namespace 30 s, the drive 8 s, the margin 5 s.
        assertThat(run.allowed).containsExactly(Duration.ofSeconds(103));
    }

    @Test
    void allowedTimeIncludesAFlushOfEachNamespace() throws IOException {
        run.builder.classDevice(drive + CONTROLLER + "/nvme0n2", "block", Map.of("size", "8"));
        reboot();

        assertThat(run.allowed).last().isEqualTo(Duration.ofSeconds(133));
        assertThat(run.done()).containsExactly("FLUSH nvme0n1", "FLUSH nvme0n2", "UNBIND 0000:01:00.0");
    }

    @Test
    void allowedTimeFollowsTheParametersOfTheDriver() throws IOException {
        run.builder
                .parameter("nvme_core", "admin_timeout", "90")
                .parameter("nvme_core", "io_timeout", "40")
                .parameter("nvme_core", "shutdown_timeout", "20");
        reboot();

        // Once before the drive is queried, and once after its answer.
        assertThat(run.allowed)
                .containsExactly(Duration.ofSeconds(90 + 40 + 20 + 5), Duration.ofSeconds(90 + 40 + 20 + 5));
    }

    @Test
    void driveGivenUpByItsDriverIsUnconfirmed() throws IOException {
        run.builder.fault(drive, Fault.UNCONFIRMED);

        assertThat(reboot()).isEqualTo(new Ending.Unconfirmed(Duration.ofSeconds(8)));
        assertThat(run.done()).as("its driver is gone").contains("UNBIND 0000:01:00.0");
    }

    @Test
    void quickDriveIsConfirmedWithoutReadingTheLog() throws IOException {
        run.builder.latency(drive, Duration.ofSeconds(4));
        reboot();

        assertThat(run.kernel.logReadings()).isZero();
    }

    @Test
    void otherLinesOfTheLogDoNotCount() throws IOException {
        run.prepare().say("nvme nvme0: Device shutdown incomplete; abort shutdown");
        run.kernel.sayAtUnbind("nvme nvme00: Device not ready; aborting shutdown, CSTS=0x1");

        assertThat(reboot()).isEqualTo(new Ending.Down());
        assertThat(run.kernel.logReadings()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nvme nvme0: Device shutdown incomplete; abort shutdown",
                "nvme nvme0: Device not ready; aborting shutdown, CSTS=0x5"
            })
    void messagesOfEachKernelVersionAreKnown(String line) throws IOException {
        run.prepare().sayAtUnbind(line);

        assertThat(reboot()).isEqualTo(new Ending.Unconfirmed(Duration.ofSeconds(8)));
    }

    @Test
    void controllerBoundAgainIsClaimedAsAnyOther() {
        run.builder.fault(drive, Fault.BOUND_AGAIN).inUse(drive, "mounted on /");

        assertThatThrownBy(this::reboot).isInstanceOf(DeviceInUseException.class);
        assertThat(run.done()).isEmpty();
    }
}
