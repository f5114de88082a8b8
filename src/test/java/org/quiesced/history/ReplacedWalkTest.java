// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.quiesced.report.Outcome;

class ReplacedWalkTest {
    private static final String FIRST = "/devices/pci0000:00/0000:03:00.0";
    private static final String SECOND = "/devices/pci0000:00/0000:04:00.0";
    private static final String LEFT = "/devices/pci0000:00/0000:05:00.0";

    /**
     * Returns a shutdown of two drives that began at second 5 and took one and two seconds, and of a third drive that
     * the kernel's walk shut down.
     */
    private static ShutdownRecord shutdown(String kernelWalk) {
        ShutdownRecord record = Records.planned(kernelWalk, Records.planned().devices());
        return record.with(
                        Map.of(Mark.LATE, 5.0, Mark.END, 7.0, Mark.WALK, 7.0, Mark.RESTART, 8.0),
                        List.of(Records.down("0000:03:00.0", 5, 6), Records.down("0000:04:00.0", 5, 7)),
                        Optional.empty())
                .walked(device -> device.label().contains("nvme2")
                        ? Optional.of(new ShutdownRecord.Walked(7.25, 7.75))
                        : Optional.empty());
    }

    @Test
    void walkBeginsWithTheLastDiscoveredDevice() {
        assertThat(ReplacedWalk.of(shutdown("serial")).steps())
                .containsExactly(
                        new ReplacedWalk.Step(LEFT, 5, 5.5),
                        new ReplacedWalk.Step(SECOND, 5.5, 7.5),
                        new ReplacedWalk.Step(FIRST, 7.5, 8.5));
        assertThat(ReplacedWalk.of(shutdown("serial")).end()).contains(8.5);
    }

    @Test
    void parallelWalkBeginsAllDevicesAtOnce() {
        assertThat(ReplacedWalk.of(shutdown("asynchronous")).steps())
                .extracting(ReplacedWalk.Step::from)
                .containsOnly(5.0);
        assertThat(ReplacedWalk.of(shutdown("asynchronous")).end()).contains(7.0);
    }

    /** For a drive without an outcome, the expected time counts. */
    @Test
    void driveWithoutAnEndTakesItsExpectedTime() {
        assertThat(ReplacedWalk.of(Records.planned()).steps())
                .containsExactly(new ReplacedWalk.Step(SECOND, 0, 3), new ReplacedWalk.Step(FIRST, 3, 6));
    }

    @Test
    void failedAttemptDoesNotCountAsTimeOfTheKernel() {
        ShutdownRecord record = Records.planned()
                .with(
                        Map.of(Mark.LATE, 5.0, Mark.END, 7.0),
                        List.of(new Progressed(
                                "0000:03:00.0",
                                Optional.of("late"),
                                Optional.empty(),
                                Optional.of("parallel"),
                                Optional.of(5.0),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(6.0),
                                Outcome.KERNEL,
                                Optional.of("timed_out"),
                                Optional.of("timed out"))),
                        Optional.empty());

        assertThat(record.devices().get(0).isWalkedBy(record)).isFalse();
        assertThat(ReplacedWalk.of(record).byDevice()).containsOnlyKeys(SECOND);
    }
}
