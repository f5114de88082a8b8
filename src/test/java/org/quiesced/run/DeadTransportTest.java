// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quiesced.device.Device;
import org.quiesced.kernel.ScsiCommands;
import org.quiesced.kernel.ScsiTimeLimits;
import org.quiesced.kernel.simulated.Altered;
import org.quiesced.kernel.simulated.Fault;
import org.quiesced.shutdown.Verb;

/**
 * A SCSI disk whose transport is dead while its state is still {@code running}, beside disks on a working transport: it
 * costs its own limit, or 30 s beyond the other disks if that is less, and delays no other device.
 */
class DeadTransportTest {
    private static final String DEAD = "1:0:0:0";
    private static final String DEAD_DISK = "sda";
    private static final String DEAD_HOST = "host1";
    private static final String ADAPTER = "0000:03:00.0";
    private static final List<String> HEALTHY = List.of("0:0:0:0", "0:0:1:0");
    private static final Duration DEADLINE = Duration.ofSeconds(80);
    private static final Duration SHORT = Duration.ofSeconds(20);

    /** The other disks take 3 s, and an unanswered command is awaited for 30 s after their end. */
    private static final Duration BEYOND_THE_OTHERS = Duration.ofSeconds(33);

    private static final Duration STOP_LIMIT = Duration.ofSeconds(60);

    private final SteppedRun run = new SteppedRun();
    private final List<String> sent = new ArrayList<>();
    private String dead;

    @BeforeEach
    void disksOnTwoTransports() {
        String adapter = run.builder.device("/devices/pci0000:00", ADAPTER, "pci", "par");
        dead = run.builder.scsiDisk(run.builder.device(adapter, DEAD_HOST, "scsi", ""), DEAD, Duration.ofSeconds(3));
        run.builder.attribute(dead, "state", "running");
        String host = run.builder.device("/devices/pci0000:00", "host0", "scsi", "");
        HEALTHY.forEach(address -> run.builder.scsiDisk(host, address, Duration.ofSeconds(3)));
    }

    @AfterEach
    void settle() {
        run.settle();
    }

    /** Makes each command to the dead disk fail after a time, with an error. */
    private void commandsFail(Duration after, boolean flushCountsAsDone, String how) {
        run.altered = kernel -> Altered.with(
                new ScsiCommands() {
                    @Override
                    public void synchronizeCache(Device disk) throws IOException {
                        if (!disk.name().equals(DEAD_DISK)) {
                            kernel.scsi().synchronizeCache(disk);
                            return;
                        }
                        sent.add("flush");
                        if (!flushCountsAsDone) {
                            run.time.spend(after.toNanos());
                            throw new IOException(how);
                        }
                    }

                    @Override
                    public void stop(Device scsiDevice) throws IOException {
                        if (!scsiDevice.name().equals(DEAD)) {
                            kernel.scsi().stop(scsiDevice);
                            return;
                        }
                        sent.add("stop");
                        run.time.spend(after.toNanos());
                        throw new IOException(how);
                    }
                },
                kernel);
    }

    private long secondsOf(Event event) {
        return TimeUnit.NANOSECONDS.toSeconds(event.at());
    }

    private void assertThatTheOthersAreDownAfter(long seconds) {
        assertThat(HEALTHY)
                .allSatisfy(disk ->
                        assertThat(secondsOf(run.only(Event.Done.class, disk))).isEqualTo(seconds));
    }

    private void assertThatItIsLeftToTheKernel() {
        run.settle();
        assertThat(run.done())
                .as("also when it answers at last")
                .doesNotContain("UNBIND " + DEAD, "STOP " + DEAD, "UNBIND " + ADAPTER);
        assertThat(run.told(DEAD)).contains("LeftToKernel");
        assertThat(run.told(ADAPTER)).as("the adapter of the disk").containsExactly("LeftToKernel");
    }

    @ParameterizedTest
    @CsvSource({"5, 10", "15, 30"})
    void timedOutCommandsCostTheLimitOfTheDisk(String timeout, long limit) {
        run.builder.attribute(dead, "timeout", timeout);
        Duration synchronize = ScsiTimeLimits.synchronizeCache(Optional.of(timeout));
        assertThat(synchronize).isEqualTo(Duration.ofSeconds(limit));
        commandsFail(synchronize, false, "sda: SYNCHRONIZE CACHE failed: status 00h, transport 03h, driver 00h");

        Timeline timeline = run.late(Verb.POWEROFF, SteppedRun.DAY, event -> {});

        assertThat(timeline.took()).isEqualTo(synchronize);
        assertThat(run.whyLeft(DEAD).describe()).contains("SYNCHRONIZE CACHE failed");
        assertThat(sent).as("no second command is sent into the void").containsExactly("flush");
        assertThatTheOthersAreDownAfter(3);
        assertThatItIsLeftToTheKernel();
    }

    @Test
    void hungCommandsCostThirtySecondsBeyondTheOtherDisks() {
        run.builder.fault(dead, Fault.FLUSH_HANGS);

        Timeline timeline = run.late(Verb.POWEROFF, SteppedRun.DAY, event -> {});

        assertThat(timeline.took()).isEqualTo(BEYOND_THE_OTHERS);
        assertThatTheOthersAreDownAfter(3);
        assertThatItIsLeftToTheKernel();
    }

    @Test
    void hungCommandsCostAtMostTheDeadline() {
        run.builder.fault(dead, Fault.FLUSH_HANGS);

        Timeline timeline = run.late(Verb.POWEROFF, SHORT, event -> {});

        assertThat(timeline.took()).isEqualTo(SHORT);
        assertThatTheOthersAreDownAfter(3);
        assertThatItIsLeftToTheKernel();
    }

    @Test
    void disconnectedDiskIsDownButNotStopped() {
        commandsFail(Duration.ZERO, true, DEAD + ": START STOP UNIT failed: status 00h, transport 01h, driver 00h");

        Timeline timeline = run.late(Verb.POWEROFF, DEADLINE, event -> {});

        assertThat(timeline.took()).as("nothing is lost by it").isEqualTo(Duration.ofSeconds(3));
        assertThat(run.only(Event.Done.class, DEAD).ending().describe()).contains("not stopped", "transport 01h");
        assertThat(sent).containsExactly("flush", "stop");
        assertThatTheOthersAreDownAfter(3);
    }

    @Test
    void transportThatDiesAfterTheFlushCostsTheLimitOfTheStop() {
        commandsFail(STOP_LIMIT, true, DEAD + ": START STOP UNIT failed: status 00h, transport 03h, driver 00h");

        Timeline timeline = run.late(Verb.POWEROFF, SteppedRun.DAY, event -> {});

        assertThat(timeline.took()).isEqualTo(STOP_LIMIT);
        assertThat(run.only(Event.Done.class, DEAD).ending().describe()).contains("not stopped");
        assertThatTheOthersAreDownAfter(3);
    }
}
