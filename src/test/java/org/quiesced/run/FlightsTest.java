// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.quiesced.device.Device;
import org.quiesced.method.GivenUpException;

/** A device in flight has until its time is over, which it may move itself unless the configuration sets it. */
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
    void itsTimeIsOverThatLongAfterItsStart() {
        begin(false);

        assertThat(flights.count()).isEqualTo(1);
        assertThat(flights.startOf(DEVICE)).isEqualTo(START);
        assertThat(flights.nextTimeout()).isEqualTo(START + 10);
        assertThat(flights.takeExpired(START + 9)).isEmpty();
        assertThat(flights.takeExpired(START + 10)).hasValue(DEVICE);
        assertThat(flights.takeExpired(START + 10)).as("it is taken once").isEmpty();
    }

    @Test
    void aDeviceMayAskForMoreOrLessFromItsStart() throws GivenUpException {
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
    void whatTheConfigurationLimitsIsGivenUpInThatTimeButIsNotStuckBeforeItsOwn() throws GivenUpException {
        begin(true);
        flights.allow(DEVICE, Duration.ofNanos(25));

        assertThat(flights.nextTimeout()).isEqualTo(START + 10);
        assertThat(overdueAt(START + 30)).isEqualTo(Duration.ofNanos(5));
    }

    @Test
    void whatTheConfigurationLimitsIsNotStuckBeforeThatTime() throws GivenUpException {
        begin(true);
        flights.allow(DEVICE, Duration.ofNanos(4));
        flights.allow(DEVICE, Duration.ofNanos(3));

        assertThat(flights.nextTimeout()).isEqualTo(START + 10);
        assertThat(overdueAt(START + 30)).isEqualTo(Duration.ofNanos(20));
    }

    @Test
    void whatTheConfigurationGivesLessThanItsMethodIsNotStuckBeforeTheTimeOfItsMethod() throws GivenUpException {
        flights.begin(DEVICE, permit, START, new Flights.Allowance(TEN, Duration.ofNanos(25), true));

        assertThat(flights.nextTimeout()).isEqualTo(START + 10);
        assertThat(overdueAt(START + 30)).isEqualTo(Duration.ofNanos(5));
    }

    @Test
    void whatTheConfigurationGivesMoreThanItsMethodIsNotStuckBeforeThat() throws GivenUpException {
        flights.begin(DEVICE, permit, START, new Flights.Allowance(Duration.ofNanos(25), TEN, true));

        assertThat(flights.nextTimeout()).isEqualTo(START + 25);
        assertThat(overdueAt(START + 30)).isEqualTo(Duration.ofNanos(5));
    }

    @Test
    void theDeviceWhoseTimeIsOverFirstIsGivenUpFirst() {
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
    void whatHasEndedHasNoTime() {
        begin(false);
        flights.end(DEVICE);

        assertThat(flights.count()).isZero();
        assertThat(flights.nextTimeout()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void whatCouldNotBeStartedHasNotBegun() throws GivenUpException {
        begin(false);
        permit.use();
        flights.forget(DEVICE);

        assertThat(flights.count()).isZero();
        assertThat(flights.isActing(DEVICE)).isFalse();
        assertThat(flights.nextTimeout()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void whatIsGivenUpIsUnfinishedUntilItsWorkerEndsIfItHadBegun() throws GivenUpException {
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
    void whatIsGivenUpBeforeItBeganIsNotUnfinished() {
        begin(false);

        assertThat(flights.giveUp(DEVICE)).isFalse();
        assertThat(flights.unfinished(START, FlightsTest::device)).isEmpty();
    }
}
