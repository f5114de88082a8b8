// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.quiesced.method.DriveIdentity;
import org.quiesced.report.Outcome;

/** A record says what a device waited for, and what it spent an unusual time on. */
class LatenessTest {
    private static final Map<Mark, Double> MARKS = Map.of(Mark.EARLY, 1.0, Mark.LATE, 4.0, Mark.END, 30.0);

    private static final String FIRST = "0:0:0:0";
    private static final String SECOND = "0:0:1:0";
    private static final String THIRD = "0:0:2:0";

    private static ShutdownRecord record(Progressed... progress) {
        return Records.planned(
                        "serial",
                        List.of(
                                Records.sd(FIRST, "sda", Outcome.UNKNOWN),
                                Records.sd(SECOND, "sdb", Outcome.UNKNOWN),
                                Records.sd(THIRD, "sdc", Outcome.UNKNOWN)))
                .with(MARKS, List.of(progress), Optional.empty());
    }

    private static Optional<String> why(ShutdownRecord record, String device) {
        return new Lateness(record).of(new CriticalChain(record).find(device).orElseThrow());
    }

    private static List<String> chain(ShutdownRecord record, String device) {
        CriticalChain chain = new CriticalChain(record);
        return chain.links(chain.find(device).orElseThrow()).stream()
                .map(CriticalChain.Link::device)
                .toList();
    }

    @Test
    void deviceWaitsForTheOneBeforeItOnTheSerialLane() {
        ShutdownRecord record =
                record(Records.serial(FIRST, 10, 13), Records.serial(SECOND, 6, 10), Records.serial(THIRD, 4, 6));

        assertThat(chain(record, FIRST)).containsExactly(FIRST, SECOND, THIRD);
        assertThat(why(record, FIRST)).contains("waited 6.00s for the serial lane, at last for 0:0:1:0 (sdb)");
        assertThat(why(record, THIRD)).isEmpty();
    }

    @Test
    void waitEndsWithTheDeviceThatWasWaitedFor() {
        ShutdownRecord record = record(Records.serial(FIRST, 10, 13), Records.serial(SECOND, 4, 6));

        assertThat(why(record, FIRST)).contains("waited 2.00s for the serial lane, at last for 0:0:1:0 (sdb)");
    }

    @Test
    void deviceWithAWorkerOfItsOwnWaitsForNoLane() {
        ShutdownRecord record = record(Records.serial(FIRST, 4, 6), Records.down(SECOND, 6, 8));

        assertThat(chain(record, SECOND)).containsExactly(SECOND);
        assertThat(why(record, SECOND)).isEmpty();
    }

    /** The lane was free when the late phase began. */
    @Test
    void deviceOfALaterPhaseDoesNotWaitForTheLaneOfAnEarlierOne() {
        ShutdownRecord record = record(Records.serial(FIRST, 4, 6), Records.serial(SECOND, 1, 3));

        assertThat(chain(record, FIRST)).containsExactly(FIRST);
    }

    @Test
    void dependentThatEndsAfterTheLaneIsFreeIsTheOneThatWasWaitedFor() {
        ShutdownRecord record = Records.planned(
                        "serial",
                        List.of(
                                Records.waitingFor("port", "port", List.of(SECOND)),
                                Records.sd(SECOND, "sdb", Outcome.UNKNOWN),
                                Records.sd(THIRD, "sdc", Outcome.UNKNOWN)))
                .with(
                        MARKS,
                        List.of(Records.serial("port", 9, 10), Records.down(SECOND, 4, 9), Records.serial(THIRD, 4, 6)),
                        Optional.empty());

        assertThat(chain(record, "port")).containsExactly("port", SECOND);
        assertThat(why(record, "port")).contains("waited 5.00s for 0:0:1:0 (sdb), which depends on it");
    }

    /** Two devices that take no time cannot wait for each other. */
    @Test
    void devicesThatTakeNoTimeDoNotWaitForEachOther() {
        ShutdownRecord record = record(Records.serial(FIRST, 5, 5), Records.serial(SECOND, 5, 5));

        assertThat(chain(record, FIRST)).containsExactly(FIRST);
        assertThat(chain(record, SECOND)).containsExactly(SECOND);
    }

    @Test
    void drivesInUseWaitForTheLatePhase() {
        ShutdownRecord record = record(deferred("in_use"));

        assertThat(why(record, FIRST)).contains("waited 3.00s for the late phase, because it was in use");
        assertThat(why(record(deferred("not_released")), FIRST))
                .contains("waited 3.00s for the late phase, because no user was seen to release it");
        assertThat(TimeText.page(ShownShutdown.of(record), ZoneOffset.UTC).lines())
                .contains("Last: 0:0:0:0 (sda) waited 3.00s for the late phase, because it was in use.");
    }

    private static Progressed deferred(String type) {
        return new Progressed(
                FIRST,
                Optional.of("late"),
                Optional.of(type),
                Optional.of("parallel"),
                Optional.of(4.0),
                Optional.empty(),
                Optional.of(4.0),
                Optional.empty(),
                Optional.of(6.0),
                Outcome.DOWN,
                Optional.empty(),
                Optional.empty());
    }

    @Test
    void flushThatTakesMostOfTheTimeIsNamed() {
        assertThat(why(record(steps(12, 12.25, 13)), FIRST)).contains("its flush took 8.00s");
        assertThat(why(record(steps(4.25, 12.25, 13)), FIRST)).contains("the check of its users took 8.00s");
        assertThat(why(record(steps(4.25, 4.5, 13)), FIRST)).isEmpty();
    }

    private static Progressed steps(double flushed, double removal, double end) {
        return new Progressed(
                FIRST,
                Optional.of("late"),
                Optional.empty(),
                Optional.of("parallel"),
                Optional.of(4.0),
                Optional.of(flushed),
                Optional.of(removal),
                Optional.empty(),
                Optional.of(end),
                Outcome.DOWN,
                Optional.empty(),
                Optional.empty());
    }

    @Test
    void slowDriveHasTheStepThatTookMostOfItsTime() {
        ShutdownRecord record = record(steps(4.25, 4.5, 13)).map(LatenessTest::usuallyQuick);

        assertThat(why(record, FIRST))
                .contains("took 9.00s, 9.0 times its usual 1.00s, most of it by the removal of its driver");
        assertThat(TimeText.page(ShownShutdown.of(record), ZoneOffset.UTC).lines())
                .noneMatch(line -> line.startsWith("Last: "));
    }

    private static DeviceRecord usuallyQuick(DeviceRecord device) {
        return device.with(
                new DriveIdentity("model", "serial"),
                new DeviceRecord.Counted(Optional.empty(), Optional.empty()),
                Optional.of(1.0));
    }
}
