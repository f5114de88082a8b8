// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.quiesced.device.Device;
import org.quiesced.method.Ending;
import org.quiesced.plan.Reason;
import org.quiesced.shutdown.Verb;

/** Each device counts once, by its last outcome: down, unconfirmed, or left to the kernel. */
class TimelineTest {
    private static final Device DRIVE = device("drive");
    private static final Device DISK = device("disk");
    private static final Ending UNCONFIRMED = new Ending.Unconfirmed(Duration.ofSeconds(5));

    private static Device device(String name) {
        return new Device("/devices/" + name, "pci", true, Optional.of("nvme"), Map.of());
    }

    private static Timeline of(Event... events) {
        return new Timeline(Verb.REBOOT, List.of(events), Duration.ofSeconds(9));
    }

    @Test
    void unconfirmedDriveIsNotDown() {
        Timeline timeline =
                of(new Event.Done(DRIVE, 1, UNCONFIRMED), new Event.Done(DISK, 2, new Ending.NotStopped("no answer")));

        assertThat(timeline.unconfirmedCount()).isEqualTo(1);
        assertThat(timeline.downCount()).isEqualTo(1);
        assertThat(timeline.leftCount()).isZero();
        assertThat(timeline.outcomes()).extracting(Timeline.Outcome::isDown).containsExactly(false, true);
        assertThat(timeline.outcomes().get(0).shortcoming()).contains(UNCONFIRMED.describe());
        assertThat(timeline.outcomes().get(1).shortcoming()).contains("down, but not stopped: no answer");
    }

    @Test
    void downDriveHasNoShortcoming() {
        Timeline timeline = of(new Event.Done(DRIVE, 1, new Ending.Down()));

        assertThat(timeline.outcomes()).extracting(Timeline.Outcome::isDown).containsExactly(true);
        assertThat(timeline.outcomes().get(0).shortcoming()).isEmpty();
    }

    @Test
    void restoredDriveIsNeitherDownNorUnconfirmed() {
        Timeline timeline = of(
                new Event.Done(DRIVE, 1, UNCONFIRMED),
                new Event.Done(DISK, 1, new Ending.Down()),
                new Event.Restored(DRIVE, 2),
                new Event.Restored(DISK, 2));

        assertThat(timeline.unconfirmedCount()).isZero();
        assertThat(timeline.downCount()).isZero();
    }

    @Test
    void unrestoredDriveIsDown() {
        assertThat(of(new Event.Done(DISK, 1, new Ending.Down()), new Event.NotRestored(DISK, 2, "no answer"))
                        .downCount())
                .isEqualTo(1);
    }

    @Test
    void laterStopReplacesTheEndingAndKeepsTheTimes() {
        Timeline timeline = of(
                new Event.Started(DISK, 3, Event.Place.WORKER),
                new Event.Done(DISK, 4, new Ending.Down()),
                new Event.Finished(DISK, 8, new Ending.NotStopped("no answer")));

        assertThat(timeline.outcomes())
                .containsExactly(new Timeline.Outcome(
                        DISK, Optional.of(3L), 4, Optional.empty(), Optional.of(new Ending.NotStopped("no answer"))));
        assertThat(timeline.endings()).containsExactly(Map.entry(DISK, new Ending.NotStopped("no answer")));
    }

    @Test
    void driveLeftToTheKernelIsNotDown() {
        Reason reason = new Reason.Failed("Flush failed");
        Timeline timeline = of(new Event.LeftToKernel(DISK, 4, reason));

        assertThat(timeline.leftCount()).isEqualTo(1);
        assertThat(timeline.downCount()).isZero();
        assertThat(timeline.outcomes())
                .containsExactly(
                        new Timeline.Outcome(DISK, Optional.empty(), 4, Optional.of(reason), Optional.empty()));
        assertThat(timeline.outcomes().get(0).isDown()).isFalse();
        assertThat(timeline.outcomes().get(0).shortcoming()).isEmpty();
    }
}
