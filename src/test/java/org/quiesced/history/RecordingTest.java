// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.quiesced.device.Device;
import org.quiesced.kernel.User;
import org.quiesced.method.Ending;
import org.quiesced.plan.Reason;
import org.quiesced.run.Event;

/** A recording keeps what each device waited for and did, and carries it over the restart. */
class RecordingTest {
    private static final Device DISK = new Device("/devices/0:0:0:0", "scsi", false, Optional.of("sd"), Map.of());

    private final Recording recording = new Recording(Records.BOOT, "poweroff", 100, 0);

    @BeforeEach
    void begin() {
        recording.mark(Mark.EARLY, seconds(1));
    }

    private static long seconds(double seconds) {
        return Math.round(seconds * 1e9);
    }

    private Progressed after(Event... events) {
        List.of(events).forEach(recording.ofRun(0, device -> true));
        Progressed carried = CarriedLine.parse(recording.lines().get(0))
                .orElseThrow()
                .progress()
                .get(0);
        assertThat(recording.progress()).containsExactly(carried);
        return carried;
    }

    @Test
    void stopBeginsWhenTheDriverIsGone() {
        Progressed disk = after(
                new Event.Started(DISK, seconds(1), Event.Place.WORKER),
                new Event.Stopping(DISK, seconds(2)),
                new Event.Done(DISK, seconds(4), new Ending.Down()));

        assertThat(disk.stop()).contains(2.0);
        assertThat(disk.end()).contains(4.0);
        assertThat(disk.lane()).contains("parallel");
        assertThat(disk.deferred()).isEmpty();
    }

    @Test
    void stopForALaterVerbIsThatOfTheDisk() {
        Progressed disk = after(
                new Event.Started(DISK, seconds(1), Event.Place.WORKER),
                new Event.Done(DISK, seconds(2), new Ending.Down()),
                new Event.Stopping(DISK, seconds(8)),
                new Event.Finished(DISK, seconds(9), new Ending.Down()));

        assertThat(disk.stop()).contains(8.0);
        assertThat(disk.end()).contains(9.0);
    }

    @Test
    void whyADriveWaitedForTheLatePhaseIsKeptWhenItIsTriedAgain() {
        after(
                new Event.Started(DISK, seconds(1), Event.Place.WORKER),
                new Event.Deferred(DISK, seconds(2), new Reason.NotReleased("sda"), Event.Awaited.LATE_PHASE));
        recording.mark(Mark.LATE, seconds(5));
        Progressed disk = after(
                new Event.Started(DISK, seconds(5), Event.Place.WORKER),
                new Event.Done(DISK, seconds(6), new Ending.Down()));

        assertThat(disk.phase()).contains("late");
        assertThat(disk.deferred()).contains("not_released");
    }

    @Test
    void driveWhoseUsersCouldNotBeDeterminedWasNotInUse() {
        Progressed disk = after(
                new Event.Started(DISK, seconds(1), Event.Place.WORKER),
                new Event.Deferred(
                        DISK,
                        seconds(2),
                        new Reason.InUse("sda", new User.Undetermined("no answer")),
                        Event.Awaited.LATE_PHASE));

        assertThat(disk.deferred()).contains("use_unknown");
    }

    @Test
    void deviceOfTheReservedWorkerIsOnTheSerialLaneToo() {
        for (Event.Place place : List.of(Event.Place.SERIAL_LANE, Event.Place.RESERVED)) {
            assertThat(after(new Event.Started(DISK, seconds(1), place)).lane()).contains("serial");
        }
    }
}
