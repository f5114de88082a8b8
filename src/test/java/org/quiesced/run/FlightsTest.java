// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.quiesced.device.Device;
import org.quiesced.method.GivenUpException;

/** A device in flight has a time limit, which the device may change unless the configuration sets it. */
class FlightsTest {
    private static final long START = 1_000;
    private static final Duration TEN = Duration.ofNanos(10);
    private static final int DEVICE = 7;

    private final Flights flights = new Flights();
    private final Permit permit = new Permit();

    private void begin(boolean limited) {
        flights.begin(DEVICE, permit, START, new Flights.Allowance(TEN, TEN, limited));
    }

    private Duration overdueAt(long now) throws GivenUpException {
        permit.use();
        return flights.unfinished(now, FlightsTest::device).get(0).overdue();
    }

    private static Device device(int index) {
        return new Device("/devices/" + index, "pci", true, Optional.of("nvme"), Map.of());
    }

    @Test
    void deviceExpiresAfterItsTimeFromItsStart() {
        begin(false);

        assertThat(flights.count()).isEqualTo(1);
        assertThat(flights.startOf(DEVICE)).isEqualTo(START);
        assertThat(flights.nextTimeout()).isEqualTo(START + 10);
        assertThat(flights.takeExpired(START + 9)).isEmpty();
        assertThat(flights.takeExpired(START + 10)).hasValue(DEVICE);
        assertThat(flights.takeExpired(START + 10))
                .as("an expired device is taken once")
                .isEmpty();
    }

    @Test
    void deviceMayChangeItsTime() throws GivenUpException {
        begin(false);
        flights.allow(DEVICE, Duration.ofNanos(25));
        assertThat(flights.nextTimeout()).isEqualTo(START + 25);
        assertThat(overdueAt(START + 30)).isEqualTo(Duration.ofNanos(5));

        flights.allow(DEVICE, Duration.ofNanos(4));
        assertThat(flights.nextTimeout()).isEqualTo(START + 4);
        assertThat(overdueAt(START + 30)).isEqualTo(Duration.ofNanos(26));
        assertThat(flights.startOf(DEVICE)).isEqualTo(START);
    }

    @Test
    void configuredTimeLimitsTheWaitAndOwnTimeDecidesWhenTheDriverIsStuck() throws GivenUpException {
        begin(true);
        flights.allow(DEVICE, Duration.ofNanos(25));

        assertThat(flights.nextTimeout()).isEqualTo(START + 10);
        assertThat(overdueAt(START + 30)).isEqualTo(Duration.ofNanos(5));
    }

    @Test
    void deviceIsNotStuckBeforeTheConfiguredTime() throws GivenUpException {
        begin(true);
        flights.allow(DEVICE, Duration.ofNanos(4));
        flights.allow(DEVICE, Duration.ofNanos(3));

        assertThat(flights.nextTimeout()).isEqualTo(START + 10);
        assertThat(overdueAt(START + 30)).isEqualTo(Duration.ofNanos(20));
    }

    @Test
    void shorterConfiguredTimeDoesNotMakeTheDriverStuckEarlier() throws GivenUpException {
        flights.begin(DEVICE, permit, START, new Flights.Allowance(TEN, Duration.ofNanos(25), true));

        assertThat(flights.nextTimeout()).isEqualTo(START + 10);
        assertThat(overdueAt(START + 30)).isEqualTo(Duration.ofNanos(5));
    }

    @Test
    void longerConfiguredTimeMakesTheDriverStuckLater() throws GivenUpException {
        flights.begin(DEVICE, permit, START, new Flights.Allowance(Duration.ofNanos(25), TEN, true));

        assertThat(flights.nextTimeout()).isEqualTo(START + 25);
        assertThat(overdueAt(START + 30)).isEqualTo(Duration.ofNanos(5));
    }

    @Test
    void devicesAreGivenUpInTheOrderOfTheirTimes() {
        for (int device : new int[] {30, 10, 20}) {
            Duration time = Duration.ofNanos(device);
            flights.begin(device, new Permit(), START, new Flights.Allowance(time, time, false));
        }

        assertThat(flights.nextTimeout()).isEqualTo(START + 10);
        assertThat(flights.takeExpired(START + 30)).hasValue(10);
        assertThat(flights.takeExpired(START + 30)).hasValue(20);
        assertThat(flights.takeExpired(START + 30)).hasValue(30);
    }

    @Test
    void preparationStallsAfterTenSeconds() {
        begin(false);
        long due = START + Flights.PREPARATION.toNanos();

        assertThat(flights.stalledAt()).isEqualTo(due);
        assertThat(flights.giveUpStalled(due - 1)).isEmpty();
        assertThat(flights.giveUpStalled(due)).containsExactly(DEVICE);
        assertThat(flights.count()).isZero();
        assertThat(flights.stalledAt()).isEqualTo(Long.MAX_VALUE);
        assertThatThrownBy(permit::use).isInstanceOf(GivenUpException.class);
        assertThatThrownBy(() -> permit.command(START)).isInstanceOf(GivenUpException.class);
    }

    @Test
    void activityPostponesTheStall() throws GivenUpException {
        begin(false);
        permit.command(START + 4);
        assertThat(flights.stalledAt()).as("a command at the drive").isEqualTo(START + 4);
        flights.ended(START + 3);
        assertThat(flights.stalledAt())
                .as("another device has ended meanwhile")
                .isEqualTo(START + 3 + Flights.ANSWER.toNanos());
        permit.expect(START + 5);
        assertThat(flights.stalledAt()).as("after its answer").isEqualTo(START + 5);
        permit.join();
        assertThat(flights.stalledAt()).as("a removal by another process").isEqualTo(Long.MAX_VALUE);
        assertThat(flights.giveUpStalled(START + 5)).isEmpty();
        permit.use();
        permit.expect(START + 6);
        assertThat(flights.giveUpStalled(START + 6)).as("a removal").isEmpty();
    }

    @Test
    void lastHungDeviceDecidesAboutTheStall() {
        begin(false);
        Permit other = new Permit();
        flights.begin(DEVICE + 1, other, START, new Flights.Allowance(TEN, TEN, false));
        other.expect(Long.MAX_VALUE);
        assertThat(flights.stalledAt()).isEqualTo(Long.MAX_VALUE);
        flights.end(DEVICE + 1);
        assertThat(flights.stalledAt()).isEqualTo(START + Flights.PREPARATION.toNanos());
    }

    @Test
    void suspendedProcessGrantsItsWorkersTheirTimeAgain() {
        begin(false);
        long wanted = flights.stalledAt();
        flights.woken(wanted, wanted + 1_000_000_000);
        assertThat(flights.stalledAt()).isEqualTo(wanted);
        flights.woken(wanted, wanted + 1_000_000_001);
        assertThat(flights.stalledAt()).isEqualTo(wanted + 1_000_000_001 + Flights.PREPARATION.toNanos());
    }

    @Test
    void removalHasItsOwnTimeFromItsBeginning() throws GivenUpException {
        begin(false);
        flights.act(DEVICE, START + 8, Optional.of(Duration.ofNanos(3)));
        assertThat(overdueAt(START + 12)).isEqualTo(Duration.ofNanos(1));
        assertThat(flights.nextTimeout()).isEqualTo(START + 10);

        flights.act(DEVICE, START + 8, Optional.empty());
        assertThat(overdueAt(START + 12)).isEqualTo(Duration.ofNanos(1));
    }

    @Test
    void removalHasTheTimeOfTheDeviceByDefault() throws GivenUpException {
        begin(false);
        flights.act(DEVICE, START + 8, Optional.empty());
        assertThat(overdueAt(START + 19)).isEqualTo(Duration.ofNanos(1));
    }

    @Test
    void removalIsNotStuckBeforeTheConfiguredTime() throws GivenUpException {
        begin(true);
        flights.act(DEVICE, START + 8, Optional.of(Duration.ofNanos(3)));
        assertThat(overdueAt(START + 19)).isEqualTo(Duration.ofNanos(1));
    }

    @Test
    void endedDeviceHasNoTime() {
        begin(false);
        flights.end(DEVICE);

        assertThat(flights.count()).isZero();
        assertThat(flights.nextTimeout()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void forgottenDeviceHasNotBegun() throws GivenUpException {
        begin(false);
        permit.use();
        flights.forget(DEVICE);

        assertThat(flights.count()).isZero();
        assertThat(flights.isActing(DEVICE)).isFalse();
        assertThat(flights.nextTimeout()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void deviceGivenUpAfterItsBeginningIsUnfinishedUntilItsWorkerEnds() throws GivenUpException {
        begin(false);
        assertThat(flights.isActing(DEVICE)).isFalse();
        permit.use();

        assertThat(flights.giveUp(DEVICE)).isTrue();
        assertThat(flights.count()).isZero();
        assertThat(flights.isActing(DEVICE)).isTrue();
        assertThat(flights.unfinished(START, FlightsTest::device))
                .extracting(Run.Unfinished::device)
                .containsExactly(device(DEVICE));
        permit.giveBack();
        assertThat(flights.unfinished(START, FlightsTest::device)).isEmpty();
    }

    @Test
    void deviceGivenUpBeforeItsBeginningIsNotUnfinished() {
        begin(false);

        assertThat(flights.giveUp(DEVICE)).isFalse();
        assertThat(flights.unfinished(START, FlightsTest::device)).isEmpty();
    }
}
